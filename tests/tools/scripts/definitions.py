"""Writes each state machine's definition in a template as JSON: definitions.py TEMPLATE FOLDER

Prints the path of each file it wrote.
"""

import json
import pathlib
import sys

from samtranslator.yaml_helper import yaml_parse

MACHINES = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine")


def definition(properties):
    """The definition, inline as a tree or as text."""
    if "DefinitionString" in properties:
        return json.loads(properties["DefinitionString"])
    return properties["Definition"]


with open(sys.argv[1], encoding="utf-8") as file:
    resources = yaml_parse(file.read())["Resources"]
for name, resource in resources.items():
    if resource["Type"] in MACHINES:
        path = pathlib.Path(sys.argv[2], f"{name}.asl.json")
        path.write_text(json.dumps(definition(resource["Properties"]), indent=2), encoding="utf-8")
        print(path)
