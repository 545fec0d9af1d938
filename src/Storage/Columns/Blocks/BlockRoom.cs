namespace Headroom.Storage.Columns.Blocks;

/// <summary>Memory that readers of blocks share, one block after the other: taken anew for each of them it costs more than the decoding.</summary>
/// <remarks>Not safe for two threads.</remarks>
internal sealed class BlockRoom
{
    private readonly Stack<uint[]> _slots = [];
    private long[] _instants = [];
    private int[] _distances = [];
    private int[] _present = [];
    private int[] _presentUse = [];
    private int[] _runs = [];
    private int[] _values = [];

    public ColumnLanes Lanes { get; } = new();

    /// <summary>Columns to be read side by side.</summary>
    public List<LaneColumn> Columns { get; } = [];

    /// <summary>Whose instants <see cref="Instants"/> holds, and of which segment.</summary>
    public (BlockReader? Block, int Segment) InstantsOf { get; set; }

    public Span<long> Instants(int count) => Of(ref _instants, count);

    public Span<int> Distances(int count) => Of(ref _distances, count);

    public Span<int> Present(int count) => Of(ref _present, count);

    public Span<int> PresentUse(int count) => Of(ref _presentUse, count);

    public Span<int> Values(int count) => Of(ref _values, count);

    public Span<int> Runs(int count) => Of(ref _runs, count);

    /// <summary>The slots of a table, all of them to be filled.</summary>
    public uint[] TakeSlots() => _slots.TryPop(out var slots) ? slots : GC.AllocateUninitializedArray<uint>(SymbolTable.Total);

    public void GiveBack(uint[] slots) => _slots.Push(slots);

    private static Span<T> Of<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            array = new T[count];
        }

        return array.AsSpan(0, count);
    }
}
