namespace Headroom.Storage.Columns.Blocks;

/// <summary>Rows [start, end) of one device's samples, to be packed.</summary>
internal readonly record struct Segment(long Device, SampleColumns Rows, int Start, int End)
{
    /// <summary>Longer runs are cut: what has to be decoded to see one of them stays small. Unit: rows.</summary>
    public const int MostRows = 32_768;

    public int Count => End - Start;
}
