using Headroom.Domain.Telemetry;
using Headroom.Storage.Columns;

namespace Headroom.Storage.Sqlite.Telemetry;

/// <summary>A row that comes where one is.</summary>
internal struct Meeting
{
    private bool _fills;
    private bool _conflicts;

    /// <summary>The row that is there becomes another one.</summary>
    public bool Changes { get; private set; }

    public void Of(int value, int revision, int known, int knownRevision)
    {
        if (value != TelemetryMetrics.Missing)
        {
            _fills |= known == TelemetryMetrics.Missing;
            _conflicts |= known != TelemetryMetrics.Missing && known != value;
            Changes |= SampleColumns.Beats(value, revision, known, knownRevision);
        }
    }

    public readonly void Count(ref RowCounts counts)
    {
        if (_conflicts)
        {
            counts.Conflicts++;
        }
        else if (_fills)
        {
            counts.New++;
        }
        else
        {
            counts.Duplicates++;
        }
    }
}
