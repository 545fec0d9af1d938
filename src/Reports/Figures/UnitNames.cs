using System.Diagnostics;
using Headroom.Domain.Metrics;

namespace Headroom.Reports.Figures;

/// <summary>Units as machine output names them; pages print them from resources.</summary>
public static class UnitNames
{
    public static string Of(MetricUnit unit) => unit switch
    {
        MetricUnit.Share => "1",
        MetricUnit.Petaflops => "P",
        MetricUnit.PetaflopHours => "P·h",
        MetricUnit.PetaflopDays => "P·d",
        MetricUnit.DeviceDays => "device·d",
        MetricUnit.Devices => "device",
        MetricUnit.DeviceHours => "device·h",
        MetricUnit.KilowattHours => "kWh",
        MetricUnit.Count => "count",
        MetricUnit.Times => "x",
        MetricUnit.Days => "d",
        MetricUnit.Hours => "h",
        MetricUnit.PerThousandDeviceDays => "1/(1000 device·d)",
        MetricUnit.KilowattHoursPerPetaflopHour => "kWh/(P·h)",
        MetricUnit.KilogramsPerPetaflopHour => "kg/(P·h)",
        MetricUnit.Kilograms => "kg",
        MetricUnit.DegreesCelsius => "°C",
        _ => throw new UnreachableException(),
    };
}
