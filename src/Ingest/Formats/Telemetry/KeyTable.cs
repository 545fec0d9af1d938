using System.Numerics;

namespace Headroom.Ingest.Formats.Telemetry;

/// <summary>Finds small numbers by byte keys without making strings: 0 for the first key ever added, 1 for the next.</summary>
/// <remarks>Feeds repeat their devices in the same order, so the successor of the last hit is tried first. Not safe for two threads.</remarks>
internal sealed class KeyTable
{
    // Keys that follow each other in a feed lie behind each other, so that the next one is there before it is asked for.
    private readonly List<(int Begin, int Length)> _keys = [];
    private readonly List<int> _successors = [];
    private byte[] _bytes = [];
    private int[] _slots = NewSlots(64);
    private uint[] _hashes = new uint[64];
    private int _last = -1;

    public int Count => _keys.Count;

    /// <summary>What all keys take. Unit: bytes.</summary>
    public int Bytes { get; private set; }

    /// <summary>The number of a key made of three parts, or -1.</summary>
    public int Find(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (_last >= 0 && _successors[_last] is >= 0 and var guess && Matches(Key(guess), first, second, third))
        {
            return _last = guess;
        }

        var hash = Hash(first, second, third);
        for (var slot = (int)(hash & (uint)(_slots.Length - 1)); _slots[slot] >= 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (_hashes[slot] == hash && Matches(Key(_slots[slot]), first, second, third))
            {
                return Follow(_slots[slot]);
            }
        }

        return -1;
    }

    /// <summary>The number of the key that followed the last hit before, where <paramref name="bytes"/> begins with it; else -1.</summary>
    /// <param name="length">Of that key. Only for keys that were added as a first part alone.</param>
    public int Guess(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (_last < 0 || _successors[_last] is not (>= 0 and var guess) || !bytes.StartsWith(Key(guess)[..^2]))
        {
            return -1;
        }

        length = _keys[guess].Length - 2;
        return _last = guess;
    }

    /// <summary>Adds a key that <see cref="Find"/> did not find.</summary>
    public int Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        if (_keys.Count * 2 >= _slots.Length)
        {
            Grow();
        }

        Append(first, second, third);
        _successors.Add(-1);
        Place(_keys.Count - 1, Hash(first, second, third));
        return Follow(_keys.Count - 1);
    }

    public void Clear()
    {
        _keys.Clear();
        _successors.Clear();
        (_bytes, Bytes) = ([], 0);
        (_slots, _hashes, _last) = (NewSlots(64), new uint[64], -1);
    }

    private ReadOnlySpan<byte> Key(int number) => _bytes.AsSpan(_keys[number].Begin, _keys[number].Length);

    private void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var length = first.Length + second.Length + third.Length + 2;
        if (_bytes.Length - Bytes < length)
        {
            Array.Resize(ref _bytes, Math.Max(checked(Bytes + length), (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }

        var key = _bytes.AsSpan(Bytes, length);
        first.CopyTo(key);
        key[first.Length] = 0;
        second.CopyTo(key[(first.Length + 1)..]);
        key[first.Length + 1 + second.Length] = 0;
        third.CopyTo(key[(first.Length + second.Length + 2)..]);
        _keys.Add((Bytes, length));
        Bytes += length;
    }

    private int Follow(int found)
    {
        if (_last >= 0)
        {
            _successors[_last] = found;
        }

        return _last = found;
    }

    private void Place(int key, uint hash)
    {
        var slot = (int)(hash & (uint)(_slots.Length - 1));
        while (_slots[slot] >= 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        (_slots[slot], _hashes[slot]) = (key, hash);
    }

    private void Grow()
    {
        var (slots, hashes) = (_slots, _hashes);
        (_slots, _hashes) = (NewSlots(slots.Length * 2), new uint[slots.Length * 2]);
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot] >= 0)
            {
                Place(slots[slot], hashes[slot]);
            }
        }
    }

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        slots.AsSpan().Fill(-1);
        return slots;
    }

    private static bool Matches(ReadOnlySpan<byte> key, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third) =>
        key.Length == first.Length + second.Length + third.Length + 2
        && key[first.Length] == 0
        && key[first.Length + second.Length + 1] == 0
        && key.StartsWith(first)
        && key.Slice(first.Length + 1, second.Length).SequenceEqual(second)
        && key.EndsWith(third);

    private static uint Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        var hash = Mix(0x9E37_79B9_7F4A_7C15, first);
        hash = Mix(hash, second);
        hash = Mix(hash, third);
        return (uint)(hash >> 32) ^ (uint)hash;
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> part)
    {
        while (part.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(part)) * 0xFF51_AFD7_ED55_8CCD, 29);
            part = part[8..];
        }

        foreach (var single in part)
        {
            hash = (hash ^ single) * 0x0000_0100_0000_01B3;
        }

        return BitOperations.RotateLeft((hash ^ 0xFF) * 0xC4CE_B9FE_1A85_EC53, 31);
    }
}
