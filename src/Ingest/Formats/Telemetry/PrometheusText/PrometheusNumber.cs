using System.Buffers.Text;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

/// <summary>Values as Go's <c>strconv.ParseFloat</c> reads them, which is what the text format asks for.</summary>
internal static class PrometheusNumber
{
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        if (Utf8Parser.TryParse(text, out value, out var read) && read == text.Length && (uint)(text[^1] - '0') <= 9)
        {
            return true;
        }

        var negative = text is [(byte)'-', ..];
        var magnitude = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        if (IsWord(magnitude, "inf"u8) || IsWord(magnitude, "infinity"u8))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        if (IsWord(text, "nan"u8))
        {
            value = double.NaN;
            return true;
        }

        if (magnitude is [(byte)'0', (byte)'x' or (byte)'X', ..] && TryHex(magnitude[2..], out value))
        {
            value = negative ? -value : value;
            return true;
        }

        // "5." and "1e5" are numbers; what the framework reads beyond Go ("1,5", words) is not.
        return Utf8Parser.TryParse(text, out value, out read) && read == text.Length && text[^1] == '.' && text.Length > 1 && (uint)(text[^2] - '0') <= 9;
    }

    // 0x1.8p3 = 1.5 x 2^3; the exponent is obligatory.
    private static bool TryHex(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var (digits, point, scale, at) = (0, false, 0, 0);
        for (; at < text.Length && text[at] is not ((byte)'p' or (byte)'P'); at++)
        {
            if (text[at] == '.' && !point)
            {
                point = true;
                continue;
            }

            var digit = text[at] switch
            {
                >= (byte)'0' and <= (byte)'9' => text[at] - '0',
                >= (byte)'a' and <= (byte)'f' => text[at] - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => text[at] - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            value = (value * 16) + digit;
            scale -= point ? 4 : 0;
            digits++;
        }

        if (digits == 0 || at == text.Length)
        {
            return false;
        }

        text = text[(at + 1)..];
        text = text is [(byte)'+', ..] ? text[1..] : text;
        if (!Utf8Parser.TryParse(text, out int exponent, out var read) || read != text.Length || exponent is < -4_096 or > 4_096)
        {
            return false;
        }

        value = Math.ScaleB(value, exponent + scale);
        return true;
    }

    private static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase)
    {
        if (text.Length != lowerCase.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if ((text[i] | 0x20) != lowerCase[i])
            {
                return false;
            }
        }

        return true;
    }
}
