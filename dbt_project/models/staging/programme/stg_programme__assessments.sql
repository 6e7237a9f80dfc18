-- One row per assessment, as the programme table has it now.

{{ programme_table('assessments', {
    'touchpoint_id': 'text',
    'theme_id': 'text',
    'root_cause_id': 'text',
    'effort_person_months': 'number',
    'cost': 'number',
    'currency': 'text',
    'assessed_by': 'text',
    'assessed_on': 'date',
    'participants': 'text',
}) }}
