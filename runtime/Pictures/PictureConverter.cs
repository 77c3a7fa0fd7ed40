using System.Text.Json;
using Whence.Json;

namespace Whence.Pictures;

/// <summary>Writes a picture as the bytes of its PNG file, in base 64.</summary>
public sealed class PictureConverter : WrittenConverter<Picture>
{
    /// <inheritdoc/>
    protected override void Write(Utf8JsonWriter writer, Picture value) => writer.WriteBase64StringValue(Png.Write(value));
}
