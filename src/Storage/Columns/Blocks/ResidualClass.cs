namespace Headroom.Storage.Columns.Blocks;

/// <summary>Mini-blocks of one guess and about one scale share a table.</summary>
/// <param name="Shift">Low bits of a residual that are written as they are.</param>
/// <param name="Table">Null: nothing is left to code; every residual is 0.</param>
internal sealed record ResidualClass(Guess Guess, int Shift, SymbolTable? Table)
{
    /// <summary>At most this many of them in a column of a block.</summary>
    public const int Most = 64;

    /// <summary>The symbol of what has none: a number follows elsewhere.</summary>
    public const byte Escape = 255;

    /// <summary>The scale from which low bits are split off: a mean residual of 23.</summary>
    private const int FirstSplit = 21;

    public static int ShiftOf(int scale) => Math.Max(0, (scale - FirstSplit + 2) / 2);

    public void Write(ByteWriter into)
    {
        into.Byte((byte)((byte)Guess | (Table is null ? 0x80 : 0) | (Shift << 2)));
        Table?.Write(into);
    }

    public static ResidualClass Read(ref ByteReader reader, BlockRoom room)
    {
        var head = reader.Byte();
        var guess = (Guess)(head & 3);
        return guess <= Guess.Level
            ? new(guess, (head >> 2) & 31, (head & 0x80) != 0 ? null : SymbolTable.Read(ref reader, room))
            : throw new DamagedException($"guess {guess} is unknown");
    }
}
