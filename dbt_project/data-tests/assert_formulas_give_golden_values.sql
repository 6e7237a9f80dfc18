-- Values from scipy, statsmodels and published tables, as far as they are printed there; the formulas must give them on
-- whatever engine this runs.
with counts as (
    select
        given.name,
        given.good / nullif(given.n, 0e0) as g,
        given.bad / nullif(given.n, 0e0) as b,
        given.n
    from (
        values
        ('55/30/15', 55e0, 15e0, 100e0),
        ('40/35/25', 40e0, 25e0, 100e0),
        ('5/3/2', 5e0, 2e0, 10e0),
        ('10/0/0', 10e0, 0e0, 10e0),
        ('7/50', 7e0, 0e0, 50e0),
        ('80/100', 80e0, 0e0, 100e0),
        ('65/100', 65e0, 0e0, 100e0),
        ('9/12', 9e0, 0e0, 12e0),
        ('0/10', 0e0, 0e0, 10e0)
    ) as given (name, good, bad, n)
),

intervals as (
    select
        name,
        g,
        {{ wald_low('g', 'b', 'n') }} as wald_low,
        {{ wald_high('g', 'b', 'n') }} as wald_high,
        {{ wilson_low('g', 'n') }} as wilson_low,
        {{ wilson_high('g', 'n') }} as wilson_high
    from counts
),

z_values as (
    select
        'nps' as name,
        {{ wald_z('one.g', 'one.b', 'one.n', 'two.g', 'two.b', 'two.n') }} as z
    from counts as one
    cross join counts as two
    where one.name = '55/30/15' and two.name = '40/35/25'
    union all
    select
        'share' as name,
        {{ pooled_z('one.g', 'one.n', 'two.g', 'two.n') }} as z
    from counts as one
    cross join counts as two
    where one.name = '80/100' and two.name = '65/100'
    union all
    select
        'z of 95 %' as name,
        {{ z_95() }} as z
),

differences as (
    select
        {{ newcombe_low('one.g', 'one.wilson_low', 'two.g', 'two.wilson_high') }} as low,
        {{ newcombe_high('one.g', 'one.wilson_high', 'two.g', 'two.wilson_low') }} as high
    from intervals as one
    cross join intervals as two
    where one.name = '80/100' and two.name = '65/100'
),

p_values as (
    select
        name,
        z,
        {{ two_sided_p('z') }} as p
    from z_values
),

results as (
    select name || ' low' as name, wald_low as value from intervals
    union all
    select name || ' high' as name, wald_high as value from intervals
    union all
    select name || ' Wilson low' as name, wilson_low as value from intervals
    union all
    select name || ' Wilson high' as name, wilson_high as value from intervals
    union all
    select '80/100 to 65/100 Newcombe low' as name, low as value from differences
    union all
    select '80/100 to 65/100 Newcombe high' as name, high as value from differences
    union all
    select name || ' z' as name, z as value from p_values
    union all
    select name || ' p' as name, p as value from p_values
),

golden as (
    select
        printed.name,
        printed.value,
        printed.tolerance
    from (
        values
        ('55/30/15 low', 24.599e0, 5e-4),
        ('55/30/15 high', 53.070e0, 5e-4),
        ('5/3/2 low', -19.051e0, 5e-4),
        ('5/3/2 high', 65.204e0, 5e-4),
        ('10/0/0 low', 47.504e0, 5e-4),
        ('10/0/0 high', 100e0, 0e0),
        ('7/50 Wilson low', 0.0695083343e0, 5e-11),
        ('7/50 Wilson high', 0.2618619371e0, 5e-11),
        ('80/100 Wilson low', 0.7111708e0, 5e-8),
        ('80/100 Wilson high', 0.8666331e0, 5e-8),
        ('9/12 Wilson low', 0.4676947e0, 5e-8),
        ('9/12 Wilson high', 0.9110583e0, 5e-8),
        ('0/10 Wilson low', 0e0, 0e0),
        ('0/10 Wilson high', 0.2775328e0, 5e-8),
        ('80/100 to 65/100 Newcombe low', 0.0261120e0, 5e-8),
        ('80/100 to 65/100 Newcombe high', 0.2680574e0, 5e-8),
        ('nps z', 2.27950e0, 5e-6),
        ('nps p', 0.022637e0, 5e-7),
        ('share z', 2.375423e0, 5e-7),
        ('share p', 0.017529e0, 5e-7),
        ('z of 95 % p', 0.05e0, 1e-15)
    ) as printed (name, value, tolerance)
)

select
    golden.name,
    golden.value as wanted,
    results.value as got
from golden
left join results
    on golden.name = results.name
where results.value is null or abs(results.value - golden.value) > golden.tolerance + 1e-15
