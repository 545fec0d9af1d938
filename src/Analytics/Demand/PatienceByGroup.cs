using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>Whether those whose jobs run long wait longer before they leave: tenants, sizes and months compared.</summary>
/// <remarks>
/// Of those that still wait after a time, who leaves? Partial likelihood (Cox, Biometrika 62, 1975) of groups of a tenant, size and time, whose runtimes are
/// known from those of them that started, moved to those that wait as <see cref="Patience"/> says of all. Holds however starts depend on runtimes; says nothing
/// where all groups run alike, and takes tenants to differ in patience by nothing but their runtimes: so the score is clustered by tenant.
/// </remarks>
internal sealed class PatienceByGroup
{
    /// <summary>Who leaves within minutes may have changed his mind.</summary>
    private const long Promptly = 10 * Micros.PerMinute;

    /// <summary>A group is taken as so many jobs like those of its tenant and size, they as so many like those of the size, and they as so many like all.</summary>
    private const double Shrink = 20;

    /// <summary>Bins of waits that are looked at as one.</summary>
    private const int Together = 6;

    private const int Grades = RuntimeGrades.Count;
    private const int Shortest = 14;
    private const int Parts = 6;

    private static readonly int Steps = (RuntimeBins.Count / Together) + 1;

    private readonly Waits _waits;
    private readonly List<int> _tenants = [];
    private readonly List<double[]> _laws = [];
    private readonly List<double[]> _atRisk = [];
    private readonly List<double[]> _left = [];
    private readonly int _tenantCount;

    public PatienceByGroup(IReadOnlyList<Episode> episodes, Waits waits)
    {
        _waits = waits;
        var span = episodes.Count == 0 ? 0 : (episodes[^1].Wanted - episodes[0].Wanted) / Parts;
        var part = Math.Max(Shortest * Micros.PerDay, span);
        var (groups, tenants, wholes, sizes) = (new Dictionary<(string, int, int), int>(), new Dictionary<string, int>(), new Dictionary<(string, int), double[]>(), new double[SizeClasses.Count][]);
        var parents = new List<(double[] Whole, int Size)>();
        var first = Waits.BinOf(Promptly);
        for (var i = 0; i < episodes.Count; i++)
        {
            var episode = episodes[i];
            var key = (episode.Tenant, episode.SizeClass, (int)(episode.Wanted / part));
            if (!groups.TryGetValue(key, out var group))
            {
                groups[key] = group = groups.Count;
                tenants.TryAdd(episode.Tenant, tenants.Count);
                wholes.TryAdd((episode.Tenant, episode.SizeClass), new double[Grades]);
                parents.Add((wholes[(episode.Tenant, episode.SizeClass)], episode.SizeClass));
                _tenants.Add(tenants[episode.Tenant]);
                _laws.Add(new double[Grades]);
                _atRisk.Add(new double[Steps + 1]);
                _left.Add(new double[Steps]);
            }

            var bin = Waits.BinOf(episode.Waited);
            _atRisk[group][bin / Together]++;
            _left[group][bin / Together] += episode.HasLeft && bin >= first ? 1 : 0;
            if (episode.Started is not null)
            {
                var grade = Waits.GradeOf(episode);
                _laws[group][grade]++;
                parents[group].Whole[grade]++;
                (sizes[episode.SizeClass] ??= new double[Grades])[grade]++;
            }
        }

        _tenantCount = tenants.Count;
        Finish(parents, sizes);
    }

    /// <param name="patience">With the growth in question.</param>
    public PatienceEvidence Of(Patience patience)
    {
        var (tilt, hazards, slopes) = (new double[Grades], new double[_laws.Count], new double[_laws.Count]);
        var (likelihood, information, scores) = (0.0, 0.0, new double[_tenantCount]);
        for (var step = 0; step < Steps; step++)
        {
            var left = _left.Sum(group => group[step]);
            if (left == 0)
            {
                continue;
            }

            var atRisk = patience.AtRisk(Math.Min(RuntimeBins.Count - 1, step * Together));
            for (var grade = 0; grade < Grades; grade++)
            {
                tilt[grade] = _waits.Grades[grade] > 0 ? atRisk[grade] / _waits.Grades[grade] : 0;
            }

            var (sum, mean) = (0.0, 0.0);
            for (var group = 0; group < _laws.Count; group++)
            {
                if (_atRisk[group][step] > 0)
                {
                    (hazards[group], slopes[group]) = Hazard(_laws[group], tilt, patience.Factors);
                    sum += _atRisk[group][step] * hazards[group];
                    mean += _atRisk[group][step] * hazards[group] * slopes[group];
                }
            }

            mean /= sum;
            for (var group = 0; group < _laws.Count; group++)
            {
                if (_atRisk[group][step] > 0)
                {
                    var expected = left * _atRisk[group][step] * hazards[group] / sum;
                    likelihood += _left[group][step] * Math.Log(hazards[group] / sum);
                    scores[_tenants[group]] += (_left[group][step] - expected) * (slopes[group] - mean);
                    information += expected * (slopes[group] - mean) * (slopes[group] - mean);
                }
            }
        }

        return new(likelihood, scores.Sum(), information, scores.Sum(score => score * score));
    }

    /// <summary>Mean hazard of leaving of a group that waits, and the derivative of its logarithm by the growth.</summary>
    private static (double Hazard, double Slope) Hazard(double[] law, double[] tilt, ReadOnlySpan<double> factors)
    {
        var (sum, hazard, slope) = (0.0, 0.0, 0.0);
        for (var grade = 0; grade < Grades; grade++)
        {
            var share = law[grade] * tilt[grade];
            var leaves = share * factors[grade];
            sum += share;
            hazard += leaves;
            slope -= leaves * Patience.Length(grade);
        }

        return hazard > 0 ? (hazard / sum, slope / hazard) : (1, 0);
    }

    private void Finish(List<(double[] Whole, int Size)> parents, double[][] sizes)
    {
        double[] all = [.. _waits.Grades];
        Shrunk(all, new double[Grades]);
        foreach (var size in sizes)
        {
            if (size is not null)
            {
                Shrunk(size, all);
            }
        }

        var shrunk = new HashSet<double[]>(ReferenceEqualityComparer.Instance);
        for (var group = 0; group < _laws.Count; group++)
        {
            var (whole, size) = parents[group];
            if (shrunk.Add(whole))
            {
                Shrunk(whole, sizes[size] ?? all);
            }

            Shrunk(_laws[group], whole);
            for (var step = Steps - 1; step >= 0; step--)
            {
                _atRisk[group][step] += _atRisk[group][step + 1];
            }
        }
    }

    private static void Shrunk(double[] law, double[] parent)
    {
        var sum = law.Sum() + Shrink;
        for (var grade = 0; grade < Grades; grade++)
        {
            law[grade] = (law[grade] + (Shrink * parent[grade])) / sum;
        }
    }
}
