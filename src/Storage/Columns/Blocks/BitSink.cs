namespace Headroom.Storage.Columns.Blocks;

/// <summary>Bits fill bytes from the lowest up.</summary>
internal ref struct BitSink(ByteWriter into)
{
    private ulong _pending;
    private int _count;

    public void Put(uint value, int bits)
    {
        _pending |= (ulong)value << _count;
        for (_count += bits; _count >= 8; _count -= 8)
        {
            into.Byte((byte)_pending);
            _pending >>= 8;
        }
    }

    public readonly void Flush()
    {
        if (_count > 0)
        {
            into.Byte((byte)_pending);
        }
    }
}
