using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Whence.Generator.Tests;

/// <summary>C# as a user would write it, compiled against this build's runtime.</summary>
internal static class Source
{
    public static readonly CSharpParseOptions Options = new(LanguageVersion.Latest);

    /// <summary>What every test's source begins with, so that tests show only what they are about.</summary>
    public const string Usings = "using System;\nusing System.Linq;\nusing Whence;\nusing static Whence.Nn;\n";

    /// <summary>The framework, without Whence.</summary>
    public static readonly ImmutableArray<MetadataReference> Framework =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<MetadataReference> references =
        Framework.Add(MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location));

    /// <summary>A compilation of these files, "File0.cs" and so on.</summary>
    public static CSharpCompilation Compile(params string[] files) => Compile(files, []);

    public static CSharpCompilation Compile(string[] files, MetadataReference[] others, string name = "User") =>
        CSharpCompilation.Create(
            name,
            files.Select((file, i) => CSharpSyntaxTree.ParseText(SourceText.From(file), Options, $"File{i}.cs")),
            references.AddRange(others),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The class of this metadata name.</summary>
    public static INamedTypeSymbol Class(this Compilation compilation, string name) =>
        compilation.GetTypeByMetadataName(name) ?? throw new ArgumentException($"There is no class {name}.", nameof(name));

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string here = "") => here;
}
