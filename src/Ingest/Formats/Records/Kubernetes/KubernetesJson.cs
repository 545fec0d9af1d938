using System.Text;
using System.Text.Json;
using Headroom.Ingest.Formats.Telemetry;

namespace Headroom.Ingest.Formats.Records.Kubernetes;

/// <summary>Steps through objects that may lack anything.</summary>
internal static class KubernetesJson
{
    /// <summary>Null: absent, null, or not within an object.</summary>
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    public static JsonElement? Find(this JsonElement? element, string name) => element?.Find(name);

    public static string? Text(this JsonElement? element) => element is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } value ? value : null;

    /// <summary>Null: absent, or not a whole number of 0 to 1,000,000.</summary>
    public static int? Whole(this JsonElement? element) => element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) && value is >= 0 and <= 1_000_000 ? value : null;

    public static bool IsTrue(this JsonElement? element) => element is { ValueKind: JsonValueKind.True };

    public static bool IsFalse(this JsonElement? element) => element is { ValueKind: JsonValueKind.False };

    public static IEnumerable<JsonElement> Items(this JsonElement? element) => element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Entries(this JsonElement? element) => element is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    /// <summary>RFC 3339. Null: absent. Unit: microseconds since the Unix epoch.</summary>
    /// <exception cref="FormatException">Something else stands there.</exception>
    public static long? Instant(this JsonElement? element) => element.Text() is not { } text ? null
        : TimeText.Read(Encoding.UTF8.GetBytes(text), zone: null, out var instant) == TimeOutcome.Good ? instant
        : throw new FormatException(text);

    /// <summary>The condition of a type; null: there is none.</summary>
    public static JsonElement? Condition(this JsonElement? status, string type)
    {
        foreach (var condition in status.Find("conditions").Items())
        {
            if (condition.Find("type").Text() == type)
            {
                return condition;
            }
        }

        return null;
    }

    /// <summary>When a condition became true; null: it is not.</summary>
    public static long? TrueSince(this JsonElement? status, string type) =>
        status.Condition(type) is { } condition && condition.Find("status").Text() == "True" ? condition.Find("lastTransitionTime").Instant() : null;
}
