using System.Buffers.Binary;
using System.Text;
using IronSnappy;

namespace Headroom.Service.Tests.Serving;

/// <summary>A body as a Prometheus sends it: <c>prometheus.WriteRequest</c>, packed by snappy.</summary>
internal static class RemoteBody
{
    /// <param name="milliseconds">Since the Unix epoch.</param>
    public static byte[] Of(long milliseconds, params ReadOnlySpan<(string Name, string Card, double Value)> series)
    {
        var content = new List<byte>();
        foreach (var (name, card, value) in series)
        {
            byte[] labels = card.Length == 0 ? Label("__name__", name) : [.. Label("UUID", card), .. Label("__name__", name), .. Label("gpu", "0"), .. Label("instance", "n1:9400")];
            content.AddRange(Message(1, [.. labels, .. Message(2, Sample(value, milliseconds))]));
        }

        return Snappy.Encode([.. content]);
    }

    private static byte[] Label(string name, string value) => Message(1, [.. Message(1, Encoding.UTF8.GetBytes(name)), .. Message(2, Encoding.UTF8.GetBytes(value))]);

    private static byte[] Sample(double value, long milliseconds)
    {
        var bits = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bits, value);
        return [(1 << 3) | 1, .. bits, 2 << 3, .. Varint((ulong)milliseconds)];
    }

    private static byte[] Message(int field, byte[] content) => [(byte)((field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Varint(ulong number)
    {
        var bytes = new List<byte>();
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return [.. bytes];
    }
}
