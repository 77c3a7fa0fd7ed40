namespace Whence.Gpu.Tests.Samples;

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Whence.Networks.Tests.Compiled;

/// <summary>Networks as files of the repository declare them, compiled for devices too.</summary>
internal static class Declared
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", ".."));

    private static readonly Dictionary<string, InMemory> Compiled = [];

    public static string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>The network of a class, from the files that declare it and its parts.</summary>
    public static CompiledNetwork Network(string name, params string[] files)
    {
        var text = Text(files);
        lock (Compiled)
        {
            if (!Compiled.TryGetValue(text, out var known))
                Compiled[text] = known = InMemory.Compile(text, typeof(GpuDevice).Assembly, typeof(ILGPU.Context).Assembly);
            return known.Network(name);
        }
    }

    /// <summary>
    /// One text without namespaces, weights files and what it needs of other files; a network that is only a part of others has no
    /// arguments and is left alone.
    /// </summary>
    public static string Text(params IEnumerable<string> files) =>
        string.Join("\n", files.Select(file => OfFile(File.ReadAllText(PathOf(file)))));

    private static string OfFile(string file)
    {
        var text = Regex.Replace(file, @"^(using|namespace) [^;]*;", "", RegexOptions.Multiline);
        text = Regex.Replace(text, @",\s*(Weights = ""[^""]*""|Backends = [^)\]]*)(?=[,)])", "");
        text = text.Replace("Section.Length", $"{Language.Section.Length}");
        return text.Replace("[Network(", "[Network(Backends = Backends.Cpu | Backends.Gpu, ");
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
