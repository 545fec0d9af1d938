using System.Buffers;
using System.Text;

namespace Headroom.Ingest.Formats.Telemetry.PrometheusText;

internal enum PrometheusLineKind
{
    Blank,
    Comment,

    /// <summary><c># EOF</c>: the page is OpenMetrics.</summary>
    EndOfPage,
    Sample,
    Broken,
}

/// <summary>Where a label's name and value lie in their line, without the quotes.</summary>
internal readonly record struct LabelPlace(int Name, int NameLength, int Value, int ValueLength);

/// <summary>One line of the Prometheus text format 0.0.4 or of OpenMetrics 1.0, strictly. Nothing is decoded until it is asked for.</summary>
/// <param name="labels">Room for the labels; a line with more is broken.</param>
internal ref struct PrometheusLine(ReadOnlySpan<byte> line, Span<LabelPlace> labels) : ILabels
{
    private static readonly SearchValues<byte> QuoteOrEscape = SearchValues.Create("\"\\"u8);
    private readonly ReadOnlySpan<byte> _line = line;
    private readonly Span<LabelPlace> _labels = labels;
    private int _labelCount;
    private int _at;
    private (int Begin, int Length) _name;
    private (int Begin, int Length) _block;

    public double Value { get; private set; }

    /// <summary>As written; its unit is the page's. Null: none.</summary>
    public double? Timestamp { get; private set; }

    /// <summary>The value as written.</summary>
    public ReadOnlySpan<byte> ValueText { get; private set; }

    /// <summary>The metric's name, escapes and all.</summary>
    public readonly ReadOnlySpan<byte> Name => _line.Slice(_name.Begin, _name.Length);

    /// <summary>Everything between the braces, as written: equal blocks are equal label sets.</summary>
    public readonly ReadOnlySpan<byte> LabelBlock => _line.Slice(_block.Begin, _block.Length);

    /// <summary>Reads the line. Only a <see cref="PrometheusLineKind.Sample"/> has anything to ask for.</summary>
    public PrometheusLineKind Read()
    {
        SkipBlanks();
        if (_at == _line.Length)
        {
            return PrometheusLineKind.Blank;
        }

        if (_line[_at] == '#')
        {
            return _line[_at..].TrimEnd(" \t"u8).SequenceEqual("# EOF"u8) ? PrometheusLineKind.EndOfPage : PrometheusLineKind.Comment;
        }

        return ReadName() && ReadLabels() && ReadNumbers() ? PrometheusLineKind.Sample : PrometheusLineKind.Broken;
    }

    public readonly string? Label(ReadOnlySpan<byte> name)
    {
        foreach (var label in _labels[.._labelCount])
        {
            if (label.ValueLength > 0 && _line.Slice(label.Name, label.NameLength).SequenceEqual(name))
            {
                return Decoded(_line.Slice(label.Value, label.ValueLength));
            }
        }

        return null;
    }

    private bool ReadName()
    {
        var begin = _at;
        while (_at < _line.Length && IsNameByte(_line[_at], first: _at == begin, colon: true))
        {
            _at++;
        }

        _name = (begin, _at - begin);
        return _name.Length > 0 || _line[_at] == '{';
    }

    private bool ReadLabels()
    {
        var afterName = _at;
        SkipBlanks();
        if (_at == _line.Length || _line[_at] != '{')
        {
            return _at > afterName;
        }

        var begin = ++_at;
        while (true)
        {
            SkipBlanks();
            if (_at == _line.Length)
            {
                return false;
            }

            if (_line[_at] == '}')
            {
                _block = (begin, _at - begin);
                _at++;
                return _name.Length > 0;
            }

            if (!ReadLabel())
            {
                return false;
            }

            SkipBlanks();
            if (_at == _line.Length || _line[_at] is not ((byte)',' or (byte)'}'))
            {
                return false;
            }

            _at += _line[_at] == ',' ? 1 : 0;
        }
    }

    // name="value", "any name"="value", or the metric's own name in quotes.
    private bool ReadLabel()
    {
        int name, nameLength;
        if (_line[_at] == '"')
        {
            if (!ReadQuoted(out name, out nameLength))
            {
                return false;
            }

            SkipBlanks();
            if (_at < _line.Length && _line[_at] is (byte)',' or (byte)'}')
            {
                var isFirst = _name.Length == 0;
                _name = (name, nameLength);
                return isFirst && nameLength > 0;
            }
        }
        else
        {
            name = _at;
            while (_at < _line.Length && IsNameByte(_line[_at], first: _at == name, colon: false))
            {
                _at++;
            }

            nameLength = _at - name;
            SkipBlanks();
        }

        if (nameLength == 0 || _at == _line.Length || _line[_at] != '=' || _labelCount == _labels.Length)
        {
            return false;
        }

        _at++;
        SkipBlanks();
        if (!ReadQuoted(out var value, out var valueLength))
        {
            return false;
        }

        _labels[_labelCount++] = new(name, nameLength, value, valueLength);
        return true;
    }

    private bool ReadQuoted(out int begin, out int length)
    {
        (begin, length) = (_at + 1, 0);
        if (_at == _line.Length || _line[_at] != '"')
        {
            return false;
        }

        for (var at = begin; ;)
        {
            var hit = _line[at..].IndexOfAny(QuoteOrEscape);
            if (hit < 0)
            {
                return false;
            }

            at += hit;
            if (_line[at] == '"')
            {
                length = at - begin;
                _at = at + 1;
                return true;
            }

            at += 2;
            if (at > _line.Length)
            {
                return false;
            }
        }
    }

    // value [timestamp] [# exemplar]
    private bool ReadNumbers()
    {
        ValueText = Word();
        if (ValueText.IsEmpty || !PrometheusNumber.TryParse(ValueText, out var value))
        {
            return false;
        }

        Value = value;
        var stamp = Word();
        if (!stamp.IsEmpty && stamp[0] != '#')
        {
            if (!PrometheusNumber.TryParse(stamp, out var timestamp) || !double.IsFinite(timestamp))
            {
                return false;
            }

            Timestamp = timestamp;
            stamp = Word();
        }

        return stamp.IsEmpty || stamp[0] == '#';
    }

    private ReadOnlySpan<byte> Word()
    {
        SkipBlanks();
        var begin = _at;
        while (_at < _line.Length && _line[_at] is not ((byte)' ' or (byte)'\t'))
        {
            _at++;
        }

        return _line[begin.._at];
    }

    private void SkipBlanks()
    {
        while (_at < _line.Length && _line[_at] is (byte)' ' or (byte)'\t')
        {
            _at++;
        }
    }

    private static bool IsNameByte(byte value, bool first, bool colon) =>
        (uint)((value | 0x20) - 'a') <= 25 || value == '_' || (colon && value == ':') || (!first && (uint)(value - '0') <= 9);

    private static string Decoded(ReadOnlySpan<byte> text)
    {
        var decoded = Encoding.UTF8.GetString(text);
        if (!decoded.Contains('\\', StringComparison.Ordinal))
        {
            return decoded;
        }

        var plain = new StringBuilder(decoded.Length);
        for (var i = 0; i < decoded.Length; i++)
        {
            if (decoded[i] == '\\' && i + 1 < decoded.Length && decoded[i + 1] is '\\' or '"' or 'n')
            {
                plain.Append(decoded[++i] == 'n' ? '\n' : decoded[i]);
            }
            else
            {
                plain.Append(decoded[i]);
            }
        }

        return plain.ToString();
    }
}
