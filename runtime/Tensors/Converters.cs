using System.Text.Json;
using System.Text.Json.Serialization;

namespace Whence.Json;

/// <summary>Writes and reads a shape as the array of its axis sizes: <c>[1,28,28]</c>.</summary>
public sealed class ShapeConverter : JsonConverter<Shape>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The text is no array of positive whole numbers.</exception>
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var axes = new List<int>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A shape is an array of axis sizes.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var axis) || axis <= 0)
                throw new JsonException("An axis size of a shape is a whole number of at least 1.");
            axes.Add(axis);
        }
        return new Shape([.. axes]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartArray();
        foreach (var axis in value.ToArray())
            writer.WriteNumberValue(axis);
        writer.WriteEndArray();
    }
}

/// <summary>Writes and reads a tensor as its shape and its values in order: <c>{"shape":[2],"values":[0.5,1]}</c>.</summary>
public sealed class TensorConverter : JsonConverter<Tensor>
{
    private static readonly ShapeConverter shapes = new();

    /// <inheritdoc/>
    /// <exception cref="JsonException">The text is no tensor, or has another number of values than its shape.</exception>
    public override Tensor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Shape? shape = null;
        List<double>? values = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A tensor is an object of a shape and values.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "shape")
                shape = shapes.Read(ref reader, typeof(Shape), options);
            else if (name == "values")
                values = Numbers(ref reader);
            else
                throw new JsonException($"A tensor has a shape and values, but this has \"{name}\".");
        }
        if (shape is null || values is null || values.Count != shape.Size)
            throw new JsonException("A tensor has a shape and as many values, but this has "
                + $"{(shape is null ? "no shape" : $"the shape {shape}")} and {values?.Count ?? 0} values.");
        return new Tensor(shape, values.ToArray());
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Tensor value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WritePropertyName("shape");
        shapes.Write(writer, value.Shape, options);
        writer.WriteStartArray("values");
        foreach (var number in value.Values)
            NumberOrNullConverter.Write(writer, number);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<double> Numbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<double>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("The values of a tensor are an array of numbers.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            numbers.Add(NumberOrNullConverter.Read(ref reader));
        return numbers;
    }
}
