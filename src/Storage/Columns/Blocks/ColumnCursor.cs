namespace Headroom.Storage.Columns.Blocks;

/// <summary>How far the reading of a segment's packed column has come. Positions are in the bytes it was begun with.</summary>
internal struct ColumnCursor
{
    public RangeDecoder Symbols;

    /// <summary>Where its low bits begin, and how many bytes they are.</summary>
    public (int Start, int Bytes) LowBits;

    /// <summary>The next of the low bits.</summary>
    public long Bit;

    /// <summary>The next of the escapes, and where they end.</summary>
    public (int Next, int End) Escapes;

    /// <summary>The last level, and the last value and the one before it.</summary>
    public int Level;
    public int One;
    public int Two;

    /// <summary>Values that are filled.</summary>
    public int Done;

    /// <summary>The class of the mini-block at hand.</summary>
    public ResidualClass Class;

    public void Pass(ReadOnlySpan<int> block)
    {
        (One, Two) = (block[^1], block.Length > 1 ? block[^2] : One);
        Done += block.Length;
    }
}
