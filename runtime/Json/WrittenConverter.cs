using System.Text.Json;
using System.Text.Json.Serialization;

namespace Whence.Json;

/// <summary>Writes what is not read back: a network's answer, without the network that could account for it, or what was asked.</summary>
/// <typeparam name="T">What is written.</typeparam>
public abstract class WrittenConverter<T> : JsonConverter<T>
{
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException(
            $"{typeof(T).Name} is written as JSON but not read. Read the text as a JsonDocument, or into a type of your own.");

    /// <inheritdoc/>
    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        Write(writer, value);
    }

    /// <summary>Writes the value, which is not null.</summary>
    protected abstract void Write(Utf8JsonWriter writer, T value);

    private protected static void WriteArray<TNumber>(Utf8JsonWriter writer, string name, ReadOnlySpan<TNumber> numbers)
        where TNumber : IConvertible
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            NumberOrNullConverter.Write(writer, number.ToDouble(null));
        writer.WriteEndArray();
    }
}
