"""Prints what AWS's validator says of a template: validate.py TEMPLATE"""

import re
import sys

from cloudformation_validate import CompositeEngine

# Remarks that no template is without.
REMARKS = {
    "I9001": "which properties cannot be changed without replacing their resource",
    "I4010": "the template describes its architecture in no Metadata of its own",
}

report = CompositeEngine().validate_template(sys.argv[1])


def is_sams(found):
    """Whether it is a reference to what SAM publishes: `Function.Version`. The translated template, which is checked as
    well, has none left."""
    published = re.match(r"'\w+\.(Version|Alias)' is not one of", found.message)
    return found.rule_id == "F1020" and published


for found in report.diagnostics:
    if found.rule_id not in REMARKS and not is_sams(found):
        where = found.entity.logical_id if found.entity else "template"
        print(f"{found.rule_id} {found.severity.name} {where}: {found.message}")
