-- One row per touchpoint, as the programme table has it now.

{{ programme_table('touchpoints', {
    'touchpoint_id': 'text',
    'journey_id': 'text',
    'stage': 'text',
    'position': 'number',
    'name': 'text',
    'description': 'text',
    'interaction_method': 'text',
    'customer_expectation': 'text',
    'expected_metric': 'text',
    'expected_score': 'number',
    'is_moment_of_truth': 'yes_no',
    'owner_team_id': 'text',
}) }}
