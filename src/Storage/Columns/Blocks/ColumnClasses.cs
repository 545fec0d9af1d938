namespace Headroom.Storage.Columns.Blocks;

/// <summary>The classes of a column: mini-blocks of one guess and neighboring scales share one until it holds enough values for a table.</summary>
internal sealed class ColumnClasses
{
    /// <summary>Values that pay for a table of their own.</summary>
    private const int WorthATable = 1_200;

    private const int PerGuess = MiniBlock.Scales + 1;

    // Stands for a table until the symbols are counted.
    private static readonly SymbolTable Unsettled = SymbolTable.Of([1]);

    private readonly List<ResidualClass> _classes = [];
    private readonly int[] _numberOf = new int[3 * PerGuess];
    private readonly int[] _valuesOf = new int[3 * PerGuess];

    public int Count => _classes.Count;

    public ResidualClass this[int number] => _classes[number];

    public int NumberOf(in MiniBlock block) => _numberOf[Place(block)];

    /// <summary>Gives a class its table, once its symbols are counted.</summary>
    public void Give(int number, SymbolTable table) => _classes[number] = _classes[number] with { Table = table };

    public void Settle(List<MiniBlock> blocks)
    {
        _classes.Clear();
        _valuesOf.AsSpan().Clear();
        foreach (var block in blocks)
        {
            _valuesOf[Place(block)] += block.Count;
        }

        for (var guess = Guess.Previous; guess <= Guess.Level; guess++)
        {
            Settle(guess, (int)guess * PerGuess);
        }
    }

    // The first place of a guess is that of mini-blocks that leave nothing.
    private void Settle(Guess guess, int from)
    {
        if (_valuesOf[from] > 0)
        {
            _numberOf[from] = _classes.Count;
            _classes.Add(new(guess, 0, null));
        }

        var (sum, first, last) = (0, from + 1, from + MiniBlock.Scales);
        for (var at = first; at <= last; at++)
        {
            sum += _valuesOf[at];
            if (sum >= WorthATable && Sum(at + 1, last) >= WorthATable)
            {
                Close(guess, first, at, at - from - 1);
                (sum, first) = (0, at + 1);
            }
        }

        if (sum > 0)
        {
            Close(guess, first, last, TopScale(first, last) - from - 1);
        }
    }

    private void Close(Guess guess, int first, int last, int topScale)
    {
        _numberOf.AsSpan(first, last - first + 1).Fill(_classes.Count);
        _classes.Add(new(guess, ResidualClass.ShiftOf(topScale), Unsettled));
    }

    private int Sum(int first, int last)
    {
        var sum = 0;
        foreach (var values in _valuesOf.AsSpan(first, last - first + 1))
        {
            sum += values;
        }

        return sum;
    }

    private int TopScale(int first, int last)
    {
        while (last > first && _valuesOf[last] == 0)
        {
            last--;
        }

        return last;
    }

    private static int Place(in MiniBlock block) => ((int)block.Guess * PerGuess) + block.Scale + 1;
}
