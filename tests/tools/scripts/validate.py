"""Prints what AWS's validator says of a template: validate.py TEMPLATE"""

import sys

from cloudformation_validate import CompositeEngine, Severity

report = CompositeEngine().validate_template(sys.argv[1])
for found in report.diagnostics:
    if found.severity not in (Severity.INFO, Severity.DEBUG):
        where = found.entity.logical_id if found.entity else "template"
        print(f"{found.rule_id} {found.severity.name} {where}: {found.message}")
