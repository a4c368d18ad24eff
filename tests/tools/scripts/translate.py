"""Prints the plain CloudFormation that SAM makes of a template: translate.py TEMPLATE"""

import json
import sys

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """Policies are written out in our templates: none is looked up by name."""

    def load(self):
        return {}


def upload(resource):
    """What `sam package` does to a function before CloudFormation sees it."""
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://artifacts-of-the-stack/function.zip"


with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file.read())
for each in template["Resources"].values():
    upload(each)
json.dump(transform(template, {}, NoManagedPolicies()), sys.stdout, indent=2)
