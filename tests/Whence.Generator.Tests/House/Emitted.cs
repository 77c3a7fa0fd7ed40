using Microsoft.CodeAnalysis;

namespace Whence.Generator.Tests.House;

/// <summary>Compilations as assemblies.</summary>
internal static class Emitted
{
    /// <summary>The bytes of a compilation without errors.</summary>
    public static byte[] Image(Compilation compilation)
    {
        using var image = new MemoryStream();
        var errors = compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 0, string.Join(Environment.NewLine, errors.Take(12)));
        return image.ToArray();
    }

    /// <summary>A file of the repository with something added behind what stands in it once.</summary>
    public static string Added(string path, string behind, string more)
    {
        var text = File.ReadAllText(Path.Combine(Source.Root, path));
        Assert.Equal(2, text.Split(behind).Length);
        return text.Replace(behind, $"{behind} {more}", StringComparison.Ordinal);
    }
}
