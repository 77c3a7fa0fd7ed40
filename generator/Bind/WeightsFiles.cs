using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Whence.Generator.Check;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>The headers of the weights files that the project lists.</summary>
internal sealed class WeightsFiles(IReadOnlyList<WeightsFile> files)
{
    public static readonly WeightsFiles None = new([]);

    /// <summary>The names as listed, for a message.</summary>
    public string Names => files.Count == 0 ? "no file" : Listing.Of(files.Select(file => $"'{file.Name}'"));

    public static WeightsFiles From(AnalyzerOptions options, CancellationToken cancellation) =>
        new(options.AdditionalFiles.Select(file => WeightsFile.From(file, options, cancellation)).OfType<WeightsFile>().ToList());

    /// <summary>The file of this name, as it is listed or without its folder; null if none is listed.</summary>
    public WeightsFile? Named(string name) =>
        files.FirstOrDefault(file => Same(file.Name, name.Replace('\\', '/')))
            ?? files.FirstOrDefault(file => Same(Path.GetFileName(file.Name), Path.GetFileName(name)));

    /// <summary>
    /// The file that is listed for the network; of those listed for none, the one that is named like the class, or the only one. Null if
    /// there is none.
    /// </summary>
    public WeightsFile? Of(INamedTypeSymbol network)
    {
        if (files.FirstOrDefault(file => file.Networks.Any(name => IsNameOf(name, network))) is { } listed)
            return listed;
        var others = files.Where(file => file.Networks.Count == 0).ToList();
        return others.FirstOrDefault(file => Same(Plain(Path.GetFileNameWithoutExtension(file.Name)), Plain(network.Name)))
            ?? (others.Count == 1 ? others[0] : null);
    }

    /// <summary>Whether a name, as &lt;WhenceWeights&gt; gives it, is that of a class: alone or in full.</summary>
    public static bool IsNameOf(string name, INamedTypeSymbol network) => name == network.Name || name == network.ToDisplayString();

    private static string Plain(string name) => name.Replace("_", "");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A weights file as the project lists it.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Header">Its header, read.</param>
/// <param name="Networks">The networks it is listed for; empty if that is not said.</param>
internal sealed record WeightsFile(string Name, WeightsHeader Header, IReadOnlyList<string> Networks)
{
    /// <summary>What stands in the place of a network's name where a file is to be checked against none.</summary>
    public const string NoNetwork = "none";

    /// <summary>The weights file whose header an additional file is; null if it is something else.</summary>
    public static WeightsFile? From(AdditionalText file, AnalyzerOptions options, CancellationToken cancellation)
    {
        var metadata = options.AnalyzerConfigOptionsProvider.GetOptions(file);
        if (!metadata.TryGetValue(Known.WeightsMetadata, out var name) || name.Length == 0 || file.GetText(cancellation) is not { } text)
            return null;
        var networks = metadata.TryGetValue(Known.WeightsNetworksMetadata, out var list) ? list : "";
        return new(name.Replace('\\', '/'), WeightsHeader.Of(text),
            [.. networks.Split(',').Select(network => network.Trim()).Where(network => network.Length > 0)]);
    }
}

/// <summary>
/// A header as the build hands it over: the length of the data behind it, a line break, and the header's own text. Read once, as long as
/// the file does not change: every network asks for it on every key that is pressed.
/// </summary>
internal sealed class WeightsHeader
{
    private static readonly ConditionalWeakTable<SourceText, WeightsHeader> known = new();

    private WeightsHeader(SafetensorsHeader? tensors, string? damage) => (Tensors, Damage) = (tensors, damage);

    /// <summary>The tensors; null if the file is damaged.</summary>
    public SafetensorsHeader? Tensors { get; }

    /// <summary>Why loading would refuse the file; null if it would not.</summary>
    public string? Damage { get; }

    public static WeightsHeader Of(SourceText text) => known.GetValue(text, Read);

    private static WeightsHeader Read(SourceText text)
    {
        var json = text.ToString();
        long? length = null;
        var end = json.IndexOf('\n');
        if (end > 0 && long.TryParse(json.Substring(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            (length, json) = (bytes, json.Substring(end + 1));
        try
        {
            return new(SafetensorsHeader.Parse(json, length), null);
        }
        catch (InvalidDataException damaged)
        {
            return new(null, damaged.Message.TrimEnd('.'));
        }
    }
}
