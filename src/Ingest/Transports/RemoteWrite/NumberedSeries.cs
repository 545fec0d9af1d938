using System.Runtime.InteropServices;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>
/// Knows series of remote write 2.0 by their symbols: symbols are numbered for good, whatever their places in a request, and a series is the numbers of its names and values.
/// A series that is known was valid when it was added, and so it is again.
/// </summary>
/// <remarks>Only symbols of gauges of ours are numbered. Not safe for two threads.</remarks>
internal sealed class NumberedSeries
{
    private const int MostSymbols = 1 << 18;
    private const int MostKnown = 1 << 17;

    /// <summary>Of symbols, and of the numbers of series. Unit: bytes.</summary>
    private const int MostBytes = 128 << 20;

    private readonly KeyTable _symbols = new();
    private readonly KeyTable _keys = new();
    private readonly List<RemoteSeries> _series = [];
    private Place[] _places = new Place[1_024];
    private int[] _key = new int[64];
    private int _keyLength;

    private enum Answer : byte
    {
        NotAsked,
        No,
        Yes,
    }

    /// <summary>A new request, with as many symbols of its own.</summary>
    public void Begin(int symbols)
    {
        if (_symbols.Count > MostSymbols || _keys.Count >= MostKnown || _symbols.Bytes > MostBytes || _keys.Bytes > MostBytes)
        {
            _symbols.Clear();
            _keys.Clear();
            _series.Clear();
        }

        if (_places.Length < symbols)
        {
            _places = new Place[symbols];
        }

        _places.AsSpan(0, symbols).Clear();
    }

    /// <summary>The series whose labels are <paramref name="references"/> to symbols of the request, name and value in turn; null: look it up, and <see cref="Add"/> it.</summary>
    public RemoteSeries? Find(ReadOnlySpan<byte> content, List<(int Begin, int Length)> symbols, ReadOnlySpan<int> references, SeriesTable table)
    {
        _keyLength = 0;
        if (!IsWanted(content, symbols, references, table))
        {
            return null;
        }

        if (_key.Length < references.Length)
        {
            _key = new int[references.Length];
        }

        var (places, key) = (_places, _key);
        for (var i = 0; i < references.Length; i++)
        {
            var number = places[references[i]].Number;
            if (number == 0)
            {
                places[references[i]].Number = number = NumberOf(Symbol(content, symbols, references[i])) + 1;
            }

            key[i] = number;
        }

        _keyLength = references.Length;

        return _keys.Find(Key, default, default) is >= 0 and var known ? _series[known] : null;
    }

    /// <summary>Keeps the series of the labels last asked for. Its metric is a gauge of ours.</summary>
    public void Add(RemoteSeries series)
    {
        _keys.Add(Key, default, default);
        _series.Add(series);
    }

    private ReadOnlySpan<byte> Key => MemoryMarshal.AsBytes(_key.AsSpan(0, _keyLength));

    private bool IsWanted(ReadOnlySpan<byte> content, List<(int Begin, int Length)> symbols, ReadOnlySpan<int> references, SeriesTable table)
    {
        for (var label = 0; label < references.Length; label += 2)
        {
            ref var name = ref _places[references[label]];
            if (name.IsName == Answer.NotAsked)
            {
                name.IsName = Symbol(content, symbols, references[label]).SequenceEqual("__name__"u8) ? Answer.Yes : Answer.No;
            }

            if (name.IsName == Answer.Yes)
            {
                ref var metric = ref _places[references[label + 1]];
                if (metric.IsWanted == Answer.NotAsked)
                {
                    metric.IsWanted = table.IsWanted(Symbol(content, symbols, references[label + 1])) ? Answer.Yes : Answer.No;
                }

                return metric.IsWanted == Answer.Yes;
            }
        }

        return false;
    }

    private int NumberOf(ReadOnlySpan<byte> symbol) =>
        _symbols.Find(symbol, default, default) is >= 0 and var known ? known : _symbols.Add(symbol, default, default);

    private static ReadOnlySpan<byte> Symbol(ReadOnlySpan<byte> content, List<(int Begin, int Length)> symbols, int reference) =>
        content.Slice(symbols[reference].Begin, symbols[reference].Length);

    /// <summary>What is known of a symbol of the request.</summary>
    private struct Place
    {
        /// <summary>From 1; 0: not numbered yet.</summary>
        public int Number;

        /// <summary>Whether it is <c>__name__</c>.</summary>
        public Answer IsName;

        /// <summary>Whether it names a metric that is wanted.</summary>
        public Answer IsWanted;
    }
}
