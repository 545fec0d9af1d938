namespace Headroom.Domain.Metrics;

/// <summary>Which metric, in which version of its definition: <c>U3@1</c>.</summary>
public readonly record struct MetricId(string Name, int Version)
{
    public override string ToString() => $"{Name}@{Version.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}

/// <summary>The unit a number is printed in.</summary>
public enum MetricUnit
{
    /// <summary>A share, 0 to 1, printed in percent.</summary>
    Share,

    Petaflops,

    PetaflopHours,

    PetaflopDays,

    Devices,

    DeviceDays,

    DeviceHours,

    KilowattHours,

    Count,

    /// <summary>How many times as much.</summary>
    Times,

    /// <summary>Days from the day the number was made for; below zero: before it.</summary>
    Days,

    Hours,

    /// <summary>For every 1,000 devices held for a day.</summary>
    PerThousandDeviceDays,

    KilowattHoursPerPetaflopHour,

    /// <summary>kg CO2 for every P·h.</summary>
    KilogramsPerPetaflopHour,

    /// <summary>kg CO2.</summary>
    Kilograms,

    DegreesCelsius,
}

/// <summary>One definition: the same words and numbers in code, SQL, API and reports. Its texts are resources under <c>Metric.NAME</c>.</summary>
/// <param name="Formula">In the notation of the definition, language-free.</param>
public sealed record MetricDefinition(MetricId Id, MetricUnit Unit, string Formula);
