namespace Headroom.Domain.Devices;

/// <summary>A center: the name of its file, lower case, such as <c>wuhan</c>.</summary>
public readonly record struct CenterId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A pool of one center: the devices whose capacity is added up at one precision.</summary>
public readonly record struct PoolId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A card, a die or a CPU node: what its maker identifies it by (UUID, vdie id, serial), else bus or index on its host.</summary>
public readonly record struct DeviceId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Who asked for the capacity: an enterprise, an institute, a project.</summary>
public readonly record struct TenantId(string Value)
{
    public override string ToString() => Value;
}
