using System.CommandLine;

namespace Headroom.Service.Commands;

/// <summary><c>headroom forecast SERIES.csv --horizon N</c>: any series file in, means and bands out.</summary>
internal static class ForecastCommand
{
}
