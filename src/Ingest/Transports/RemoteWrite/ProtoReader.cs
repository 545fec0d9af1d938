using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>The encodings of a protobuf field that are in use; groups are not.</summary>
internal enum ProtoKind
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Reads the fields of one protobuf message in place.</summary>
/// <remarks>Source: protobuf.dev, Encoding. Never throws: what is not a message ends it, and says so.</remarks>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private const int MostVarintBytes = 10;
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>True: the bytes are not a message. The fields before the fault were read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Number of the field, 1 or more.</summary>
    public int Field { get; private set; }

    public ProtoKind Kind { get; private set; }

    /// <summary>Of a number: its bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of bytes, a text or a message: its content.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Bytes that are not read yet.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Goes to the next field. False at the end, and where the message is broken.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty || IsBroken)
        {
            return false;
        }

        IsBroken = !TryReadField();
        return !IsBroken;
    }

    private bool TryReadField()
    {
        if (!TryVarint(ref _rest, out var tag) || tag >> 3 is 0 or > int.MaxValue)
        {
            return false;
        }

        (Field, Kind, Number) = ((int)(tag >> 3), (ProtoKind)(tag & 7), 0);
        Content = default;
        switch (Kind)
        {
            case ProtoKind.Varint:
                if (!TryVarint(ref _rest, out var number))
                {
                    return false;
                }

                Number = number;
                return true;
            case ProtoKind.Fixed64 when _rest.Length >= sizeof(ulong):
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
                _rest = _rest[sizeof(ulong)..];
                return true;
            case ProtoKind.Fixed32 when _rest.Length >= sizeof(uint):
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
                _rest = _rest[sizeof(uint)..];
                return true;
            case ProtoKind.Bytes when TryVarint(ref _rest, out var length) && length <= (ulong)_rest.Length:
                Content = _rest[..(int)length];
                _rest = _rest[(int)length..];
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes a number off the front of <paramref name="bytes"/>. False: there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        if (!bytes.IsEmpty && bytes[0] < 0x80)
        {
            value = bytes[0];
            bytes = bytes[1..];
            return true;
        }

        return TryLongVarint(ref bytes, out value);
    }

    private static bool TryLongVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < MostVarintBytes; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
