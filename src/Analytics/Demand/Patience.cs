using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>How long those who ask wait before they give up, by how long they would run: who was waiting at each wait, and so who left.</summary>
/// <remarks>
/// The hazard of leaving is h(w) * runtime^-growth, bounded. Who starts is lost from sight at his start. Anyhow: who left is like those that waited on
/// beyond him, each in proportion to his hazard; from the longest wait to the shortest that gives who was waiting, however starts depend on runtimes.
/// In order: where waits do not depend on runtimes, each of a runtime that started speaks for one over the chance of such a job to start (selection bias:
/// Vardi, Annals of Statistics 13, 1985). With growth 0 both are the estimate of Kaplan and Meier (Journal of the American Statistical Association 53, 1958).
/// </remarks>
internal sealed class Patience
{
    /// <summary>Nobody's hazard is more than so many times that of a job of typical runtime, or less than such a part of it.</summary>
    private const double Most = 10;

    /// <summary>Unit: seconds.</summary>
    private const double Unfelt = 600;

    private const double LeastChance = 1e-3;
    private const int Rounds = 20;
    private const int Steps = 40;
    private const double Close = 1e-6;
    private const int Grades = RuntimeGrades.Count;

    private readonly double[] _met = new double[RuntimeBins.Count + 1];
    private readonly double[] _factors = new double[Grades];
    private readonly double[] _atRisk = new double[RuntimeBins.Count * Grades];
    private readonly double _growth;

    private Patience(Waits waits, double growth)
    {
        var started = waits.Grades.Sum();
        var typical = started > 0 ? waits.Grades.Index().Sum(grade => grade.Item * Length(grade.Index)) / started : 0;
        for (var grade = 0; grade < Grades; grade++)
        {
            _factors[grade] = Math.Clamp(Math.Exp(-growth * (Length(grade) - typical)), 1 / Most, Most);
        }

        _growth = growth;
    }

    /// <summary>How many times as likely as a job of typical runtime one of a grade is to leave, at any wait.</summary>
    public ReadOnlySpan<double> Factors => _factors;

    /// <summary>Logarithm of a runtime as patience sees it: minutes more or less make no difference.</summary>
    public static double Length(int grade) => Math.Log(Math.Exp(RuntimeGrades.Log(grade)) + Unfelt);

    /// <summary>However starts depend on runtimes.</summary>
    public static Patience Anyhow(Waits waits, double growth)
    {
        var patience = new Patience(waits, growth);
        patience.FitAnyhow(waits);
        return patience;
    }

    /// <summary>Where waits do not depend on runtimes.</summary>
    public static Patience InOrder(Waits waits, double growth)
    {
        var patience = new Patience(waits, growth);
        patience.FitInOrder(waits);
        return patience;
    }

    /// <summary>Cumulative hazard of leaving of a job of typical runtime.</summary>
    /// <param name="waited">Unit: microseconds.</param>
    public double Met(long waited) => Hazards.At(_met, waited / (double)Micros.PerSecond);

    /// <summary>How many that would have had to wait this long one who did speaks for, where all are alike: himself and those that left. 1 or more.</summary>
    /// <param name="waited">Unit: microseconds.</param>
    public double Weight(long waited) => Math.Min(Most, Math.Exp(Met(waited)));

    /// <summary>Who waits at the beginning of a bin of waits, by grade of the runtime; in proportion.</summary>
    public ReadOnlySpan<double> AtRisk(int bin) => _atRisk.AsSpan(bin * Grades, Grades);

    /// <summary>Who leaves in a bin of waits, by grade; in proportion.</summary>
    public double Left(int bin, int grade) => _atRisk[(bin * Grades) + grade] * (1 - Math.Exp((_met[bin] - _met[bin + 1]) * _factors[grade]));

    private void FitAnyhow(Waits waits)
    {
        // One imagined job that is like all that started waits longest.
        var started = waits.Grades.Sum();
        double[] beyond = [.. waits.Grades.Select(jobs => started > 0 ? jobs / started : 1.0 / Grades)];
        for (var bin = RuntimeBins.Count - 1; bin >= 0; bin--)
        {
            var starts = waits.Started(bin);
            var stay = 1 + (waits.Waiting[bin] / beyond.Sum());
            for (var grade = 0; grade < Grades; grade++)
            {
                beyond[grade] = (beyond[grade] * stay) + (starts[grade] / 2);
            }

            var met = _met[bin + 1] = waits.Left[bin] > 0 ? Solve(beyond, waits.Left[bin]) : 0;
            for (var grade = 0; grade < Grades; grade++)
            {
                beyond[grade] = (met > 0 ? beyond[grade] * Math.Exp(met * _factors[grade]) : beyond[grade]) + (starts[grade] / 2);
                _atRisk[(bin * Grades) + grade] = beyond[grade];
            }
        }

        for (var bin = 0; bin < RuntimeBins.Count; bin++)
        {
            _met[bin + 1] += _met[bin];
        }
    }

    /// <summary>The hazard with which as many leave as did, where so many stay.</summary>
    private double Solve(double[] stay, double left)
    {
        var (all, hazards) = (0.0, 0.0);
        for (var grade = 0; grade < Grades; grade++)
        {
            (all, hazards) = (all + stay[grade], hazards + (stay[grade] * _factors[grade]));
        }

        // From above, by Jensen; the sum is convex, so Newton's steps stay above.
        var met = Math.Log(1 + (left / all)) * all / hazards;
        for (var step = 0; step < Steps && _growth > 0; step++)
        {
            var (sum, slope) = (-left, 0.0);
            for (var grade = 0; grade < Grades; grade++)
            {
                var grown = stay[grade] * Math.Exp(met * _factors[grade]);
                (sum, slope) = (sum + grown - stay[grade], slope + (grown * _factors[grade]));
            }

            met -= sum / slope;
            if (sum < Close * left)
            {
                break;
            }
        }

        return met;
    }

    private void FitInOrder(Waits waits)
    {
        var (stay, offered) = waits.KaplanMeier();
        var asked = (double[])waits.Grades.Clone();
        for (var bin = 0; bin < RuntimeBins.Count; bin++)
        {
            _met[bin + 1] = -Math.Log(Math.Max(1e-12, stay[bin + 1]));
        }

        for (var round = 0; round < Rounds && _growth > 0; round++)
        {
            Ask(waits, offered, asked);
            var moved = 0.0;
            for (var bin = 0; bin < RuntimeBins.Count; bin++)
            {
                var met = stay[bin + 1] == stay[bin] ? _met[bin] : Solve(asked, Math.Max(1e-12, stay[bin + 1]), Math.Max(_met[bin], _met[bin + 1]));
                moved = Math.Max(moved, Math.Abs(Math.Exp(-met) - Math.Exp(-_met[bin + 1])));
                _met[bin + 1] = met;
            }

            if (moved < 1e-4)
            {
                break;
            }
        }

        for (var bin = 0; bin < RuntimeBins.Count; bin++)
        {
            for (var grade = 0; grade < Grades; grade++)
            {
                _atRisk[(bin * Grades) + grade] = asked[grade] * Math.Exp(-_met[bin] * _factors[grade]);
            }
        }
    }

    /// <summary>Those who ask, by grade: those that started over the chance to start.</summary>
    private void Ask(Waits waits, double[] offered, double[] asked)
    {
        var all = 0.0;
        for (var grade = 0; grade < Grades; grade++)
        {
            if (waits.Grades[grade] == 0)
            {
                asked[grade] = 0;
                continue;
            }

            var chance = 0.0;
            for (var bin = 0; bin < offered.Length; bin++)
            {
                chance += offered[bin] > 0 ? offered[bin] * Math.Exp(-_factors[grade] * (_met[bin] + _met[bin + 1]) / 2) : 0;
            }

            asked[grade] = waits.Grades[grade] / Math.Max(LeastChance, chance);
            all += asked[grade];
        }

        for (var grade = 0; grade < Grades; grade++)
        {
            asked[grade] /= Math.Max(1e-12, all);
        }
    }

    /// <summary>The cumulative hazard at which such a share of all stays.</summary>
    private double Solve(double[] asked, double share, double met)
    {
        for (var step = 0; step < Steps; step++)
        {
            var (sum, slope) = (-share, 0.0);
            for (var grade = 0; grade < Grades; grade++)
            {
                var alive = asked[grade] > 0 ? asked[grade] * Math.Exp(-met * _factors[grade]) : 0;
                (sum, slope) = (sum + alive, slope + (alive * _factors[grade]));
            }

            // Convex and falling: from below Newton's steps stay below.
            var next = Math.Max(0, met + (slope > 0 ? sum / slope : 0));
            if (Math.Abs(sum) < Close * share || slope <= 0)
            {
                return next;
            }

            met = next;
        }

        return met;
    }
}
