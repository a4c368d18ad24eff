"""Prints what AWS's validator says of a template: validate.py TEMPLATE"""

import sys

from cloudformation_validate import CompositeEngine

# Remarks that no template is without.
REMARKS = {
    "I9001": "which properties cannot be changed without replacing their resource",
    "I4010": "the template describes its architecture in no Metadata of its own",
}

report = CompositeEngine().validate_template(sys.argv[1])
for found in report.diagnostics:
    if found.rule_id not in REMARKS:
        where = found.entity.logical_id if found.entity else "template"
        print(f"{found.rule_id} {found.severity.name} {where}: {found.message}")
