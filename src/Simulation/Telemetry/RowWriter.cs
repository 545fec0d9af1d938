using System.Buffers.Text;
using System.Text;
using Headroom.Simulation.Fleets;
using Headroom.Simulation.Gauges;

namespace Headroom.Simulation.Telemetry;

/// <summary>Rows of the telemetry file, formatted by hand: most of a row is bytes prepared once per device.</summary>
internal sealed class RowWriter
{
    /// <summary>Rows start with ten digits of Unix seconds.</summary>
    private const int TimeLength = 10;

    private const int NumbersLength = 48;

    private readonly byte[][] _middle;

    public RowWriter(Fleet fleet)
    {
        _middle = [.. fleet.Devices.Select(device => Encoding.UTF8.GetBytes(
            $",{Cell(device.Id.Value)},{Cell(fleet.HostOf(device).Name)},{Cell(fleet.PoolOf(device).Id.Value)},"))];
        LongestRow = TimeLength + NumbersLength + _middle.Select(bytes => bytes.Length).DefaultIfEmpty().Max();
    }

    public static ReadOnlySpan<byte> Header => "timestamp,card,host,partition,utilization,memory_used_mib,power_w,temperature_c\n"u8;

    /// <summary>Unit: bytes.</summary>
    public int LongestRow { get; }

    /// <param name="broken">Text in place of the utilization; empty: none.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> to, long second, int device, in Reading reading, ReadOnlySpan<byte> broken)
    {
        var at = Number(to, second);
        _middle[device].CopyTo(to[at..]);
        at += _middle[device].Length;
        if (broken.IsEmpty)
        {
            at += Number(to[at..], reading.Utilization);
        }
        else
        {
            broken.CopyTo(to[at..]);
            at += broken.Length;
        }

        to[at++] = (byte)',';
        at += Number(to[at..], reading.MemoryMib);
        to[at++] = (byte)',';
        at += Number(to[at..], reading.PowerDeciwatts / 10);
        to[at++] = (byte)'.';
        to[at++] = (byte)('0' + (reading.PowerDeciwatts % 10));
        to[at++] = (byte)',';
        at += Number(to[at..], reading.Celsius);
        to[at++] = (byte)'\n';
        return at;
    }

    private static int Number(Span<byte> to, long value)
    {
        Utf8Formatter.TryFormat(value, to, out var written);
        return written;
    }

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
