using Headroom.Domain.Time;

namespace Headroom.Analytics.Demand;

/// <summary>The share of those that left while they waited that would have run, had there been capacity.</summary>
/// <remarks>
/// Whoever waited longer than minutes met a lack of capacity and counts in full. Of those that left within minutes as many count as
/// impatience explains, by the rate at which those who waited longer leave; the others changed their mind.
/// </remarks>
internal sealed class WouldHaveRun
{
    private const long Promptly = 10 * Micros.PerMinute;
    private const long Later = 12 * Micros.PerHour;
    private const double Shrink = 20;

    private readonly double[] _byClass = new double[SizeClasses.Count];

    public WouldHaveRun(IReadOnlyList<Episode> episodes)
    {
        var classes = new Waits[_byClass.Length];
        foreach (var episode in episodes)
        {
            classes[episode.SizeClass].Count(episode);
        }

        for (var c = 0; c < _byClass.Length; c++)
        {
            _byClass[c] = Math.Min(1, (classes[c].ImpatientSoon + Shrink) / (classes[c].LeftSoon + Shrink));
        }
    }

    /// <summary>1 for those that did not leave.</summary>
    public double Of(Episode episode) => episode.HasLeft && episode.Waited < Promptly ? _byClass[episode.SizeClass] : 1;

    private struct Waits
    {
        private double _soon;
        private double _later;
        private double _leftLater;

        public double LeftSoon { get; private set; }

        /// <summary>How many would have left soon at the later rate.</summary>
        public readonly double ImpatientSoon => _later > 0 ? _soon * _leftLater / _later : 0;

        public void Count(Episode episode)
        {
            _soon += Math.Min(episode.Waited, Promptly);
            _later += Math.Clamp(episode.Waited - Promptly, 0, Later - Promptly);
            if (episode.HasLeft)
            {
                LeftSoon += episode.Waited < Promptly ? 1 : 0;
                _leftLater += episode.Waited is >= Promptly and < Later ? 1 : 0;
            }
        }
    }
}
