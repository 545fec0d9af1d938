using System.Buffers.Text;
using Headroom.Domain.Telemetry;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>What the text of a gauge turned out to be.</summary>
internal enum GaugeOutcome : byte
{
    /// <summary>Empty, or not there at all.</summary>
    Absent,
    Good,
    Sentinel,
    OutOfRange,
    NotANumber,
}

/// <summary>Gauge values as stored integers: checked against the range of their metric, without allocating.</summary>
internal static class GaugeText
{
    private const int MostExactDigits = 12;

    private static readonly long[] PowersOfTen = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000, 1_000_000_000_000];

    /// <param name="steps">Stored steps per unit of the text; at most 1,000,000.</param>
    /// <param name="value">In stored steps, rounded half away from zero; <see cref="TelemetryMetrics.Missing"/> unless good.</param>
    public static GaugeOutcome Read(ReadOnlySpan<byte> text, TelemetryMetric metric, int steps, out int value)
    {
        value = TelemetryMetrics.Missing;
        if (text.IsEmpty)
        {
            return GaugeOutcome.Absent;
        }

        if (!TryPlain(text, out var digits, out var decimals))
        {
            return Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length
                ? Check(number, metric, steps, out value)
                : IsNaN(text) ? GaugeOutcome.Sentinel : GaugeOutcome.NotANumber;
        }

        var scale = PowersOfTen[decimals];
        var stored = digits * steps;
        stored = (stored + (stored < 0 ? -scale : scale) / 2) / scale;
        if (stored < metric.Min || stored > metric.Max || digits == -scale)
        {
            return Check((double)digits / scale, metric, steps, out value);
        }

        value = (int)stored;
        return GaugeOutcome.Good;
    }

    /// <summary>As <see cref="Read"/>, for a number.</summary>
    public static GaugeOutcome Check(double number, TelemetryMetric metric, double steps, out int value)
    {
        value = TelemetryMetrics.Missing;
        if (double.IsNaN(number) || number == -1)
        {
            return GaugeOutcome.Sentinel;
        }

        var stored = Math.Round(number * steps, MidpointRounding.AwayFromZero);
        if (stored < metric.Min || stored > metric.Max)
        {
            return IsSentinel(number) ? GaugeOutcome.Sentinel : GaugeOutcome.OutOfRange;
        }

        value = (int)stored;
        return GaugeOutcome.Good;
    }

    public static RejectReason ReasonOf(GaugeOutcome outcome) => outcome switch
    {
        GaugeOutcome.Sentinel => RejectReason.Sentinel,
        GaugeOutcome.OutOfRange => RejectReason.OutOfRange,
        _ => RejectReason.NotANumber,
    };

    // METRICS section 2, and the blanks of DCGM: 16 codes each at the top of INT32, FP64 (2^47) and INT64.
    private static bool IsSentinel(double number) =>
        number is 255 or 65_535 or 4_294_967_295 or (>= 2_147_483_632 and <= 2_147_483_647) or (>= 140_737_488_355_328 and <= 140_737_488_355_343)
            or (>= 9_223_372_036_854_775_000 and <= 9_223_372_036_854_775_808);

    private static bool IsNaN(ReadOnlySpan<byte> text) =>
        text.Length == 3 && (text[0] | 0x20) == 'n' && (text[1] | 0x20) == 'a' && (text[2] | 0x20) == 'n';

    // A sign, digits and a point: nearly every gauge ever printed. Anything else goes to the framework's parser.
    private static bool TryPlain(ReadOnlySpan<byte> text, out long digits, out int decimals)
    {
        (digits, decimals) = (0, 0);
        var negative = text[0] == '-';
        var (count, point) = (0, -1);
        for (var i = negative ? 1 : 0; i < text.Length; i++)
        {
            var digit = text[i] - '0';
            if ((uint)digit <= 9)
            {
                digits = (digits * 10) + digit;
                if (++count > MostExactDigits)
                {
                    return false;
                }
            }
            else if (text[i] == '.' && point < 0)
            {
                point = count;
            }
            else
            {
                return false;
            }
        }

        decimals = point < 0 ? 0 : count - point;
        digits = negative ? -digits : digits;
        return count > 0;
    }
}
