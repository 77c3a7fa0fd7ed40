using System.Text.Json;

namespace Whence.Json;

/// <summary>Writes an explanation as <see cref="Attribution.ToJson"/> does.</summary>
public sealed class AttributionConverter : WrittenConverter<Attribution>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, Attribution value) => value.WriteJson(writer);
}

/// <summary>Writes the explanations of a batch as an array.</summary>
public sealed class AttributionsConverter : WrittenConverter<Attributions>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, Attributions value)
    {
        writer.WriteStartArray();
        foreach (var one in value)
            one.WriteJson(writer);
        writer.WriteEndArray();
    }
}

/// <summary>Writes a target in words, as <see cref="Target.ToString"/> does.</summary>
public sealed class TargetConverter : WrittenConverter<Target>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, Target value) => writer.WriteStringValue(value.ToString());
}

/// <summary>Writes groups as the array of each element's group, -1 for none.</summary>
public sealed class FeatureGroupsConverter : WrittenConverter<FeatureGroups>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, FeatureGroups value)
    {
        writer.WriteStartArray();
        for (var i = 0; i < value.Size; i++)
            writer.WriteNumberValue(value[i]);
        writer.WriteEndArray();
    }
}

/// <summary>Writes a window: <c>{"input":null,"sizes":[3,3],"strides":[1,1]}</c>.</summary>
public sealed class SlidingWindowConverter : WrittenConverter<SlidingWindow>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, SlidingWindow value)
    {
        writer.WriteStartObject();
        writer.WriteString("input", value.Input);
        WriteArray(writer, "sizes", value.Sizes);
        WriteArray(writer, "strides", value.Strides);
        writer.WriteEndObject();
    }
}

/// <summary>Writes points of a path: <c>{"alphas":[0.5],"weights":[1]}</c>.</summary>
public sealed class PathPointsConverter : WrittenConverter<PathPoints>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, PathPoints value)
    {
        writer.WriteStartObject();
        WriteArray(writer, "alphas", value.Alphas);
        WriteArray(writer, "weights", value.Weights);
        writer.WriteEndObject();
    }
}
