"""Prints the tables of ECG-FM's text normaliser as the preprocess_rules.json of `einthoven label`.

    python3 scripts/extract_label_rules.py PATH/TO/ECG-FM > preprocess_rules.json

Reads labeler/preprocess.py of a copy of github.com/bowang-lab/ECG-FM (MIT licence) without running it.
"""

import ast
import json
import pathlib
import sys


def main(folder):
    source = pathlib.Path(folder) / "labeler" / "preprocess.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    values = constants(tree)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    before, after = functions["pre_replacement"], functions["post_replacement"]
    leads = functions["replace_lead_specific"]
    unbordered = sorted(values["REPLACE"]["unbordered"].items(), key=lambda item: -len(item[0]))
    acronyms = next(node for node in ast.walk(before) if isinstance(node, ast.For)
                    and isinstance(node.target, ast.Name) and node.target.id == "acronym")
    rules = {
        "source": f"tables of {source.name} of ECG-FM (github.com/bowang-lab/ECG-FM), MIT licence",
        "unbordered": unbordered,
        "bordered": list(values["REPLACE"]["bordered"].items()),
        "regex": list(values["REPLACE"]["regex"].items()),
        "conjunct": conjuncts(values),
        "pre_literal_case_insensitive": [pair for pair, options in replacements(before)
                                         if options.get("case") is False and options.get("regex") is False],
        "post_literal_first": [pair for pair, options in replacements(after, before_line=leads.lineno)
                               if options.get("regex") is False],
        "pre_remove_after": sorted(assigned(before, "remove_after"), key=len, reverse=True),
        "pre_bordered_case_sensitive": bordered_words(before, str.isupper),
        "pre_possessive_acronyms": ast.literal_eval(acronyms.iter),
        "pre_degree_bordered_after_lowercase": bordered_words(before, str.islower),
        "post_lead_templates": lead_templates(leads),
        "post_combine_parts": assigned(after, "combine_parts"),
    }
    json.dump(rules, sys.stdout, indent=1)
    sys.stdout.write("\n")


def constants(tree):
    """Module-level names that are literals, or literals of such names."""
    values = {}

    def value_of(node):
        if isinstance(node, ast.Name):
            return values[node.id]
        if isinstance(node, (ast.List, ast.Tuple)):
            return [value_of(item) for item in node.elts]
        if isinstance(node, ast.Dict):
            return {value_of(key): value_of(value) for key, value in zip(node.keys, node.values)}
        if isinstance(node, ast.Call):  # OrderedDict([...])
            return dict(value_of(node.args[0]))
        return ast.literal_eval(node)

    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            try:
                values[statement.targets[0].id] = value_of(statement.value)
            except (ValueError, KeyError, TypeError, IndexError):
                pass
    return values


def assigned(function, name):
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == name:
            return ast.literal_eval(node.value)
    raise SystemExit(f"{function.name}: no list named {name}; another version of ECG-FM?")


def conjuncts(values):
    items = []
    for name, (groups, templates) in values["CONJPATS"]:
        items.append({"name": name, "groups": [list(group.items()) for group in groups],
                      "templates": list(templates.items())})
    return items


def calls(function, method):
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Attribute) and node.func.attr == method]
    return sorted(found, key=lambda node: (node.end_lineno, node.end_col_offset))


def replacements(function, before_line=sys.maxsize):
    """Literal calls of .replace(old, new, ...) in order, with their options."""
    for call in calls(function, "replace"):
        constant = len(call.args) == 2 and all(isinstance(a, ast.Constant) for a in call.args)
        if constant and call.lineno < before_line:
            yield ([a.value for a in call.args],
                   {option.arg: ast.literal_eval(option.value) for option in call.keywords})


def bordered_words(function, wanted):
    """Calls of .replace(border_alphanumeric(word), new, ..., case=True) whose word is `wanted`."""
    pairs = []
    for call in calls(function, "replace"):
        if isinstance(call.args[0], ast.Call) and isinstance(call.args[0].args[0], ast.Constant):
            word = call.args[0].args[0].value
            if wanted(word):
                pairs.append([word, ast.literal_eval(call.args[1])])
    return pairs


def lead_templates(function):
    """[expansion, text before the leads, text after them] from the contextual expressions."""
    table = next(node for node in ast.walk(function) if isinstance(node, ast.Assign)
                 and getattr(node.targets[0], "id", None) == "contextual_patterns")
    templates = []
    for entry in table.value.args[0].elts:
        expansion, expression = entry.elts
        parts = [part.value if isinstance(part, ast.Constant) else None for part in expression.values]
        hole = parts.index(None)
        before = "".join(parts[:hole])[1:].replace("\\", "")
        after = "".join(parts[hole + 1:])[:-1].replace("\\", "")
        templates.append([expansion.value, before, after])
    return templates


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
