// A form made from a JSON Schema, as much of it as serde's types come out as. What has no form of its own is a text of
// JSON.

import { element, select } from "./element.js";
import { secrets } from "./secrets.js";

/** A form with a value in it: its element, and what it holds now. Throws what is wrong with it. */
export function form(schema, value) {
  return new Form(schema).field(schema, value, "");
}

class Form {
  constructor(root) {
    this.root = root;
    this.ids = 0;
  }

  field(schema, value, label) {
    const rules = this.resolve(schema);
    const choices = rules.oneOf ?? rules.anyOf;
    if ("const" in rules) return { element: this.line(label, rules, element("code", {}, JSON.stringify(rules.const))), read: () => rules.const };
    if (rules.enum) return this.choice(label, rules, rules.enum.map((one) => ({ const: one })), value);
    if (choices?.every((one) => "const" in this.resolve(one) || this.resolve(one).enum)) {
      const all = choices.flatMap((one) => {
        const { enum: several, ...own } = this.resolve(one);
        return several ? several.map((each) => ({ const: each })) : [own];
      });
      return this.choice(label, rules, all, value);
    }
    const [own, isOptional] = this.withoutNull(rules);
    if (isOptional) return this.optional(label, rules, own, value ?? undefined, null);
    if (choices) return this.variants(label, rules, choices, value);
    switch (rules.type) {
      case "object":
        if (rules.properties) return this.object(label, rules, value);
        break;
      case "array":
        if (rules.items && typeof rules.items === "object" && !rules.prefixItems) return this.array(label, rules, value);
        break;
      case "boolean": {
        const box = element("input", { type: "checkbox", id: this.id(), checked: value === true });
        return { element: this.line(label, rules, box), read: () => box.checked };
      }
      case "string": {
        const input = element("input", { type: "text", id: this.id(), value: value ?? "", autocomplete: "off", spellcheck: "false" });
        return { element: this.line(label, rules, input), read: () => input.value };
      }
      case "integer":
      case "number": {
        const step = rules.type === "integer" ? 1 : "any";
        const input = element("input", { type: "number", id: this.id(), step, min: rules.minimum, max: rules.maximum, value: value ?? 0 });
        return { element: this.line(label, rules, input), read: () => number(input, label) };
      }
    }
    return this.text(label, rules, value);
  }

  id() {
    return `field-${this.ids++}`;
  }

  /** A schema without references and with what `allOf` adds. */
  resolve(schema) {
    let rules = schema === true || schema === undefined ? {} : schema;
    for (let depth = 0; depth < 32 && (rules.$ref || rules.allOf); depth++) {
      const { $ref, allOf, ...own } = rules;
      const found = $ref ? $ref.slice(2).split("/").reduce((node, name) => node?.[name.replace(/~1/g, "/").replace(/~0/g, "~")], this.root) : {};
      rules = Object.assign({}, found, ...(allOf ?? []), own);
    }
    return rules;
  }

  /** What is left of a schema that allows null, and whether it does. */
  withoutNull(rules) {
    if (Array.isArray(rules.type) && rules.type.includes("null")) {
      const [type, ...more] = rules.type.filter((one) => one !== "null");
      return [{ ...rules, type: more.length > 0 ? undefined : type }, true];
    }
    const choices = rules.anyOf ?? rules.oneOf;
    const others = choices?.filter((one) => this.resolve(one).type !== "null");
    if (others && others.length < choices.length) {
      const { anyOf, oneOf, ...own } = rules;
      return [others.length === 1 ? { ...this.resolve(others[0]), ...own } : { ...own, oneOf: others }, true];
    }
    return [rules, false];
  }

  line(label, rules, control) {
    const hint = rules.description ? element("small", { id: `${control.id}-hint` }, rules.description) : null;
    if (hint && control.id) control.setAttribute("aria-describedby", hint.id);
    const name = label ? element("label", { for: control.id || null }, label) : null;
    if (!label) control.setAttribute("aria-label", rules.title ?? "Value");
    return element("div", { class: `field ${control.type ?? ""}` }, name, control, hint);
  }

  group(label, rules, ...children) {
    const hint = rules.description && label ? element("small", {}, rules.description) : null;
    if (!label) return element("div", { class: "fields" }, children);
    return element("fieldset", {}, element("legend", {}, label), hint, children);
  }

  choice(label, rules, all, value) {
    const pairs = all.map((one) => [JSON.stringify(one.const), one.description ? `${one.const} – ${one.description}` : String(one.const)]);
    const control = select(pairs, JSON.stringify(value), { id: this.id() });
    return { element: this.line(label, rules, control), read: () => JSON.parse(control.value) };
  }

  object(label, rules, value) {
    // What is required is listed as its author has it.
    const place = ([name]) => (rules.required?.includes(name) ? rules.required.indexOf(name) : Infinity);
    const all = Object.entries(rules.properties).sort((one, other) => place(one) - place(other) || 0);
    const fields = all.map(([name, schema]) => {
      const needed = rules.required?.includes(name);
      const field = needed ? this.field(schema, value?.[name], name) : this.optional(name, this.resolve(schema), this.withoutNull(this.resolve(schema))[0], value?.[name], undefined);
      if (secrets.names.has(name)) field.element.classList.add("sensitive");
      return [name, field];
    });
    return {
      element: this.group(label, rules, fields.map(([, field]) => field.element)),
      read: () => {
        const read = fields.map(([name, field]) => [name, field.read()]);
        return Object.fromEntries(read.filter(([, held]) => held !== undefined));
      },
    };
  }

  /** A field that may be left out: then it holds `nothing`. */
  optional(label, rules, schema, value, nothing) {
    const box = element("input", { type: "checkbox", id: this.id(), checked: value !== undefined && value !== null });
    const place = element("div", {});
    let field = null;
    const show = () => {
      field = box.checked ? this.field(schema, value, "") : null;
      if (field) {
        const control = field.element.querySelector("input, select, textarea");
        control?.setAttribute("aria-label", label);
      }
      place.replaceChildren(...(field ? [field.element] : []));
    };
    box.addEventListener("change", show);
    show();
    const name = element("label", { for: box.id }, label || "given");
    return {
      element: element("div", { class: "optional" }, box, name, place),
      read: () => (field ? field.read() : nothing),
    };
  }

  array(label, rules, value) {
    const items = [];
    const list = element("ol", {});
    const add = (held) => {
      const item = this.field(rules.items, held, "");
      const row = element("li", {}, item.element);
      const remove = element("button", { type: "button", "aria-label": "Remove this one", class: "remove" }, "×");
      remove.addEventListener("click", () => {
        items.splice(items.indexOf(item), 1);
        row.remove();
        list.dispatchEvent(new Event("input", { bubbles: true }));
      });
      row.append(remove);
      items.push(item);
      list.append(row);
    };
    (Array.isArray(value) ? value : []).forEach(add);
    const more = element("button", { type: "button" }, "Add one");
    more.addEventListener("click", () => {
      add(Array.isArray(value) ? structuredClone(value.at(-1)) : undefined);
      list.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return { element: this.group(label || "List", rules, list, more), read: () => items.map((item) => item.read()) };
  }

  variants(label, rules, all, value) {
    const found = all.map((one) => this.resolve(one));
    const name = (one, place) => one.title ?? one.required?.join(", ") ?? one.const ?? `variant ${place + 1}`;
    const fits = (one) => {
      if ("const" in one) return one.const === value;
      if (one.type === "object") return typeof value === "object" && value !== null && (one.required ?? []).every((key) => key in value && (!("const" in this.resolve(one.properties?.[key])) || this.resolve(one.properties[key]).const === value[key]));
      return one.type === (Array.isArray(value) ? "array" : typeof value);
    };
    let chosen = Math.max(0, found.findIndex(fits));
    const control = select(found.map((one, place) => [String(place), String(name(one, place))]), String(chosen), { id: this.id() });
    const place = element("div", {});
    let field = null;
    const show = (held) => {
      field = this.field(found[chosen], held, "");
      place.replaceChildren(field.element);
    };
    control.addEventListener("change", () => {
      chosen = Number(control.value);
      show(undefined);
    });
    show(value);
    return { element: this.group(label || "One of", rules, control, place), read: () => field.read() };
  }

  text(label, rules, value) {
    const control = element("textarea", { id: this.id(), rows: 3, spellcheck: "false" });
    control.value = JSON.stringify(value ?? null);
    return { element: this.line(label, rules, control), read: () => JSON.parse(control.value) };
  }
}

function number(input, label) {
  if (input.value === "" || !input.validity.valid) throw new Error(`${label || "a number"}: ${input.validationMessage || "a number is expected"}`);
  return Number(input.value);
}
