namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>What a request of remote write 2.0 brought, whatever we keep of it.</summary>
public readonly record struct WrittenCounts(long Samples, long Histograms, long Exemplars);

/// <summary>Reads <c>io.prometheus.write.v2.Request</c>: labels are numbers of symbols. Histograms, exemplars and metadata are taken and counted, and nothing is made of them.</summary>
/// <remarks>Source: prometheus.io, Remote-Write 2.0 specification. Earlier drafts put a created timestamp into field 6 of a series: it is passed over.</remarks>
internal sealed class WriteRequestV2
{
    private const int SymbolsField = 4;
    private const int SeriesField = 5;
    private const int MostLabels = 1_024;

    // Tag and length of a field.
    private const int LongestPreamble = 6;

    private readonly List<(int Begin, int Length)> _symbols = [];
    private readonly int[] _references = new int[2 * MostLabels];
    private readonly NumberedSeries _numbered = new();
    private int _referenceCount;
    private byte[] _labels = new byte[1_024];

    /// <summary>False: the content is not such a request; what was read so far is to be forgotten.</summary>
    public bool TryRead(ReadOnlySpan<byte> content, SeriesTable table, List<RemoteSample> into, out WrittenCounts written)
    {
        written = default;
        if (!TrySymbols(content))
        {
            return false;
        }

        _numbered.Begin(_symbols.Count);
        var fields = new ProtoReader(content);
        while (fields.Next())
        {
            if (fields is { Field: SeriesField, Kind: ProtoKind.Bytes } && !TrySeries(content, fields.Content, table, into, ref written))
            {
                return false;
            }
        }

        return !fields.IsBroken;
    }

    // The first symbol is the empty one, so that 0 means "nothing".
    private bool TrySymbols(ReadOnlySpan<byte> content)
    {
        _symbols.Clear();
        var any = false;
        var fields = new ProtoReader(content);
        while (fields.Next())
        {
            any |= fields.Field == SeriesField;
            if (fields is { Field: SymbolsField, Kind: ProtoKind.Bytes })
            {
                _symbols.Add((content.Length - fields.Left - fields.Content.Length, fields.Content.Length));
            }
        }

        return !fields.IsBroken && (_symbols.Count == 0 ? !any : _symbols[0].Length == 0);
    }

    private bool TrySeries(ReadOnlySpan<byte> content, ReadOnlySpan<byte> series, SeriesTable table, List<RemoteSample> into, ref WrittenCounts written)
    {
        if (!TryReferences(series))
        {
            return false;
        }

        var references = _references.AsSpan(0, _referenceCount);
        var known = _numbered.Find(content, _symbols, references, table);
        if (known is null)
        {
            if (!TryLabels(content, references, table, out known))
            {
                return false;
            }

            if (known is not null)
            {
                _numbered.Add(known);
            }
        }

        var (samples, histograms, exemplars) = (0L, 0L, 0L);
        var fields = new ProtoReader(series);
        while (fields.Next())
        {
            switch (fields)
            {
                case { Field: 2, Kind: ProtoKind.Bytes }:
                    if (!WriteRequest.TrySample(fields.Content, out var bits, out var milliseconds))
                    {
                        return false;
                    }

                    samples++;
                    if (known is not null)
                    {
                        into.Add(new(known, bits, milliseconds));
                    }

                    break;
                case { Field: 3, Kind: ProtoKind.Bytes }:
                    histograms++;
                    break;
                case { Field: 4, Kind: ProtoKind.Bytes }:
                    exemplars++;
                    break;
            }
        }

        written = new(written.Samples + samples, written.Histograms + histograms, written.Exemplars + exemplars);
        return !fields.IsBroken && (samples == 0 || histograms == 0);
    }

    // Packed, as proto3 writes them, or one by one.
    private bool TryReferences(ReadOnlySpan<byte> series)
    {
        _referenceCount = 0;
        var fields = new ProtoReader(series);
        while (fields.Next())
        {
            if (fields is { Field: 1, Kind: ProtoKind.Varint })
            {
                if (!TryAdd(fields.Number))
                {
                    return false;
                }
            }
            else if (fields is { Field: 1, Kind: ProtoKind.Bytes })
            {
                if (!TryAddPacked(fields.Content))
                {
                    return false;
                }
            }
        }

        return !fields.IsBroken && _referenceCount % 2 == 0;
    }

    private bool TryAddPacked(ReadOnlySpan<byte> packed)
    {
        var (count, symbols) = (_referenceCount, (uint)_symbols.Count);
        var references = _references.AsSpan();
        for (var at = 0; at < packed.Length;)
        {
            // Most have one byte, or two.
            uint reference = packed[at++];
            if (reference >= 0x80)
            {
                if (at == packed.Length || packed[at] >= 0x80)
                {
                    _referenceCount = count;
                    return TryAddLong(packed[(at - 1)..]);
                }

                reference = (reference & 0x7F) | ((uint)packed[at++] << 7);
            }

            if (reference >= symbols || count >= references.Length)
            {
                return false;
            }

            references[count++] = (int)reference;
        }

        _referenceCount = count;
        return true;
    }

    private bool TryAddLong(ReadOnlySpan<byte> packed)
    {
        while (!packed.IsEmpty)
        {
            if (!ProtoReader.TryVarint(ref packed, out var number) || !TryAdd(number))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAdd(ulong reference)
    {
        if (reference >= (ulong)_symbols.Count || _referenceCount >= _references.Length)
        {
            return false;
        }

        _references[_referenceCount++] = (int)reference;
        return true;
    }

    // A series has a name, and each label once. Those of a gauge of ours are written out as remote write 1.0 has them.
    private bool TryLabels(ReadOnlySpan<byte> content, ReadOnlySpan<int> references, SeriesTable table, out RemoteSeries? known)
    {
        known = null;
        var metric = ReadOnlySpan<byte>.Empty;
        var largest = ReadOnlySpan<byte>.Empty;
        for (var label = 0; label < references.Length; label += 2)
        {
            // Where names rise, as they should, none is there twice.
            var name = Symbol(content, references[label]);
            var isLarger = name.SequenceCompareTo(largest) > 0;
            if (name.IsEmpty || (!isLarger && IsRepeated(content, references, label)))
            {
                return false;
            }

            largest = isLarger ? name : largest;

            if (name.SequenceEqual("__name__"u8))
            {
                metric = Symbol(content, references[label + 1]);
            }
        }

        if (metric.IsEmpty)
        {
            return false;
        }

        if (!table.IsWanted(metric))
        {
            return true;
        }

        known = table.Find(metric, WrittenOut(content, references));
        return true;
    }

    private ReadOnlySpan<byte> WrittenOut(ReadOnlySpan<byte> content, ReadOnlySpan<int> references)
    {
        var needed = 0;
        foreach (var reference in references)
        {
            needed += _symbols[reference].Length + (2 * LongestPreamble);
        }

        if (_labels.Length < needed)
        {
            _labels = new byte[needed * 2];
        }

        var end = 0;
        for (var label = 0; label < references.Length; label += 2)
        {
            var name = Symbol(content, references[label]);
            var value = Symbol(content, references[label + 1]);
            if (!value.IsEmpty)
            {
                Preamble(1, FieldLength(name.Length) + FieldLength(value.Length), ref end);
                Preamble(1, name.Length, ref end);
                name.CopyTo(_labels.AsSpan(end));
                end += name.Length;
                Preamble(2, value.Length, ref end);
                value.CopyTo(_labels.AsSpan(end));
                end += value.Length;
            }
        }

        return _labels.AsSpan(0, end);
    }

    private bool IsRepeated(ReadOnlySpan<byte> content, ReadOnlySpan<int> references, int label)
    {
        var name = Symbol(content, references[label]);
        for (var earlier = 0; earlier < label; earlier += 2)
        {
            if (references[earlier] == references[label] || Symbol(content, references[earlier]).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> Symbol(ReadOnlySpan<byte> content, int reference) => content.Slice(_symbols[reference].Begin, _symbols[reference].Length);

    private static int FieldLength(int length) => 1 + VarintLength(length) + length;

    private static int VarintLength(int number) => number < 0x80 ? 1 : 1 + VarintLength(number >> 7);

    private void Preamble(int field, int length, ref int end)
    {
        _labels[end++] = (byte)((field << 3) | (int)ProtoKind.Bytes);
        for (; length >= 0x80; length >>= 7)
        {
            _labels[end++] = (byte)(length | 0x80);
        }

        _labels[end++] = (byte)length;
    }
}
