-- One row per goal, as the programme table has it now.

{{ programme_table('goals', {
    'goal_id': 'text',
    'journey_id': 'text',
    'touchpoint_id': 'text',
    'metric': 'text',
    'survey_kind': 'text',
    'target_score': 'number',
    'by_date': 'date',
    'expected_benefit': 'number',
    'currency': 'text',
}) }}
