using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Bind;

/// <summary>A place in the source, as values: a Location would hold its compilation.</summary>
internal readonly record struct SourcePlace(string File, TextSpan Span, LinePositionSpan Lines)
{
    public static SourcePlace Of(Location place) => new(place.SourceTree?.FilePath ?? "", place.SourceSpan, place.GetLineSpan().Span);

    public Location Location() => Microsoft.CodeAnalysis.Location.Create(File, Span, Lines);
}
