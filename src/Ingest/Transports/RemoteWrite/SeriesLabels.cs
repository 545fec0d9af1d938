using System.Text;
using Headroom.Domain.Centers;
using Headroom.Ingest.Formats.Telemetry.PrometheusText;

namespace Headroom.Ingest.Transports.RemoteWrite;

/// <summary>The labels of a series, in place.</summary>
/// <param name="labels">Fields of a TimeSeries message; those that are no labels are passed over.</param>
/// <param name="center">Whose targets say how the host of an <c>instance</c> is called.</param>
internal readonly ref struct SeriesLabels(ReadOnlySpan<byte> labels, CenterDefinition center) : ILabels
{
    /// <summary>Field number of a label in a TimeSeries.</summary>
    public const int LabelField = 1;

    private readonly ReadOnlySpan<byte> _labels = labels;

    public string? Label(ReadOnlySpan<byte> name)
    {
        var fields = new ProtoReader(_labels);
        while (fields.Next())
        {
            if (fields is { Field: LabelField, Kind: ProtoKind.Bytes } && TryRead(fields.Content, out var found, out var value)
                && !value.IsEmpty && found.SequenceEqual(name))
            {
                var text = Encoding.UTF8.GetString(value);
                return name.SequenceEqual("instance"u8) ? TargetHosts.OfInstance(center, text) : text;
            }
        }

        return null;
    }

    /// <summary>All labels but the metric's name, as text: equal for the metrics of one unknown device.</summary>
    public string ButTheName()
    {
        var text = new StringBuilder();
        var fields = new ProtoReader(_labels);
        while (fields.Next())
        {
            if (fields is { Field: LabelField, Kind: ProtoKind.Bytes } && TryRead(fields.Content, out var name, out var value) && !name.SequenceEqual("__name__"u8))
            {
                text.Append(Encoding.UTF8.GetString(name)).Append('=').Append(Encoding.UTF8.GetString(value)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>False: not a label message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> label, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        var fields = new ProtoReader(label);
        while (fields.Next())
        {
            switch (fields)
            {
                case { Field: 1, Kind: ProtoKind.Bytes }:
                    name = fields.Content;
                    break;
                case { Field: 2, Kind: ProtoKind.Bytes }:
                    value = fields.Content;
                    break;
            }
        }

        return !fields.IsBroken;
    }
}
