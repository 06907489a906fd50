"""The holes that products of this kind have had: each is a test here, named by its key."""

HOLES = {
    "expression_in_a_label": "expression in a label or task name executed",
    "nested_query": "nested query skipping a validator",
    "stored_expression": "stored expression fired by another user",
    "xml_entities": "XXE and entity bombs in BPMN/DMN/form XML",
    "python_in_a_gateway": "Python from a gateway condition",
    "request_from_an_action": "SSRF from an action",
    "foreign_objects": "IDOR on tasks, drafts, attachments, exports",
    "dropped_candidates": "completion that drops candidates so that everyone sees the task",
    "named_reviewer": "reviewer de-anonymised by search, sort, error text, export, file name or PDF metadata",
    "mass_assignment": "mass assignment of form fields that the task does not own",
    "stored_script": "stored XSS in BPMN labels, form labels, uploads",
    "zip_slip": "zip slip",
    "formula": "CSV/Excel formula injection",
    "open_redirect": "open redirect",
    "session_fixation": "session fixation",
    "double_approval": "double approval by check-then-act",
    "timer_storm": "timer storm",
    "equal_names": "group escalation through equal names",
    "notice_template": "template injection in notifications (named placeholders only)",
    "address_tricks": "authentication bypass by URL tricks",
}
"""Key → the hole, in the words of the design."""
