-- One row per initiative, as the programme table has it now.

{{ programme_table('initiatives', {
    'initiative_id': 'text',
    'name': 'text',
    'kind': 'text',
    'status': 'text',
    'owner_id': 'text',
    'team_id': 'text',
    'budget': 'number',
    'currency': 'text',
    'effort_person_months': 'number',
    'started_on': 'date',
    'due_on': 'date',
    'released_on': 'date',
    'metric': 'text',
    'comparison_touchpoint_id': 'text',
    'checkpoint_on': 'date',
    'minimum_answers': 'whole',
}) }}
