using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Whence.Generator.Bind;

/// <summary>The headers of the weights files that the project lists.</summary>
internal sealed class WeightsFiles(IReadOnlyList<WeightsFile> files)
{
    public static readonly WeightsFiles None = new([]);

    /// <summary>The names as listed, for a message.</summary>
    public string Names => files.Count == 0 ? "no file" : string.Join(", ", files.Select(file => $"'{file.Name}'"));

    public static WeightsFiles From(AnalyzerOptions options, CancellationToken cancellation)
    {
        var files = new List<WeightsFile>();
        foreach (var file in options.AdditionalFiles)
        {
            if (options.AnalyzerConfigOptionsProvider.GetOptions(file).TryGetValue(Known.WeightsMetadata, out var name) && name.Length > 0 && file.GetText(cancellation) is { } text)
                files.Add(new(name.Replace('\\', '/'), text.ToString()));
        }
        return new(files);
    }

    /// <summary>The file of this name, as it is listed or without its folder; null if none is listed.</summary>
    public WeightsFile? Named(string name) =>
        files.FirstOrDefault(file => Same(file.Name, name.Replace('\\', '/'))) ?? files.FirstOrDefault(file => Same(Path.GetFileName(file.Name), Path.GetFileName(name)));

    /// <summary>The file that is named like the class, or the only one; null if there is neither.</summary>
    public WeightsFile? Of(string network) =>
        files.FirstOrDefault(file => Same(Plain(Path.GetFileNameWithoutExtension(file.Name)), Plain(network))) ?? (files.Count == 1 ? files[0] : null);

    private static string Plain(string name) => name.Replace("_", "");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A weights file as the project lists it, and its header.</summary>
internal sealed record WeightsFile(string Name, string Header);
