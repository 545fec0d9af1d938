using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>How much alike runtimes are, beyond what size and requested time say: shares of the variance of a normal score. They sum to below 1.</summary>
/// <remarks>
/// Jobs of one sweep end together, a tenant has its habits, and a month of long jobs is long for everybody; who draws each job on its own
/// makes a thousand unfinished jobs look certain. From pairs of martingale residuals (ended or not, less cumulative hazard; Therneau and
/// Grambsch, Modeling Survival Data, 2000), weighted by devices: their covariance over that of the hazards is a frailty variance t, which in
/// rank correlation is t / (t + 2) (Clayton, Biometrika 65, 1978). Laws of single runtimes stay as they are.
/// </remarks>
/// <param name="Tenant">Shared by all jobs of a tenant.</param>
/// <param name="Week">Shared by all jobs that started within the same seven days.</param>
/// <param name="Batch">Shared by jobs of a tenant that started on the same day.</param>
internal readonly record struct RuntimeTies(double Tenant, double Week, double Batch)
{
    private const double Most = 0.95;

    public double Own => 1 - Tenant - Week - Batch;

    public static RuntimeTies Of(IEnumerable<Life> lives)
    {
        var (batches, tenants, weeks, both) = (new Groups<(string, int)>(), new Groups<string>(), new Groups<int>(), new Groups<(string, int)>());
        foreach (var life in lives)
        {
            var (residual, hazard) = (life.Devices * ((life.Ended ? 1 : 0) - life.Hazard), life.Devices * life.Hazard);
            batches.Add((life.Tenant, life.Day), residual, hazard);
            tenants.Add(life.Tenant, residual, hazard);
            weeks.Add(WeekOf(life.Day), residual, hazard);
            both.Add((life.Tenant, WeekOf(life.Day)), residual, hazard);
        }

        var tenant = Correlation(tenants.Pairs, batches.Pairs);
        var week = Math.Min(Most - Math.Min(Most, tenant), Correlation(weeks.Pairs, both.Pairs));
        var batch = Math.Clamp(Correlation(batches.Pairs, default) - tenant - week, 0, Most - tenant - week);
        return new(tenant, week, batch);
    }

    public static int DayOf(long instant) => (int)(instant / Micros.PerDay);

    public static int WeekOf(int day) => day / 7;

    private static double Correlation((double Residuals, double Hazards) pairs, (double Residuals, double Hazards) less)
    {
        var hazards = pairs.Hazards - less.Hazards;
        var frailty = hazards > 0 ? Math.Max(0, (pairs.Residuals - less.Residuals) / hazards) : 0;
        return Math.Min(Most, Math.Sin(Math.PI / 2 * frailty / (frailty + 2)));
    }

    /// <summary>One job as far as it lived: cumulative hazard met, and whether it ended.</summary>
    internal readonly record struct Life(string Tenant, int Day, double Devices, double Hazard, bool Ended);

    private sealed class Groups<TKey>
        where TKey : notnull
    {
        private readonly Dictionary<TKey, (double Residual, double Residuals, double Hazard, double Hazards)> _sums = [];

        /// <summary>Sums of products over all pairs within a group.</summary>
        public (double Residuals, double Hazards) Pairs
        {
            get
            {
                var (residuals, hazards) = (0.0, 0.0);
                foreach (var sum in _sums.Values)
                {
                    residuals += (sum.Residual * sum.Residual) - sum.Residuals;
                    hazards += (sum.Hazard * sum.Hazard) - sum.Hazards;
                }

                return (residuals, hazards);
            }
        }

        public void Add(TKey key, double residual, double hazard)
        {
            var sum = _sums.GetValueOrDefault(key);
            _sums[key] = (sum.Residual + residual, sum.Residuals + (residual * residual), sum.Hazard + hazard, sum.Hazards + (hazard * hazard));
        }
    }
}
