using System.Text.Json;
using Whence.Json;

namespace Whence.Evaluate;

/// <summary>Writes a removal curve: <c>{"groups":3,"changed":[0,1,3],"values":[[5,2,0]]}</c>, the values of each input.</summary>
public sealed class RemovalCurveConverter : WrittenConverter<RemovalCurve>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, RemovalCurve value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("groups", value.Groups);
        WriteArray<int>(writer, "changed", [.. value.Changed]);
        writer.WriteStartArray("values");
        for (var input = 0; input < value.Count; input++)
        {
            writer.WriteStartArray();
            foreach (var number in value.Values(input))
                NumberOrNullConverter.Write(writer, number);
            writer.WriteEndArray();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
