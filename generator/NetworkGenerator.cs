using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Whence.Generator.Bind;
using Whence.Generator.Emit;

namespace Whence.Generator;

/// <summary>Reads every [Network] class and writes what its Forward means.</summary>
[Generator]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var networks = context.SyntaxProvider
            .ForAttributeWithMetadataName(Known.Network, (node, _) => node is TypeDeclarationSyntax, Bound.From)
            .WithTrackingName("Bound")
            .SelectMany((network, _) => network is null ? [] : new[] { network })
            .WithTrackingName("Network");

        context.RegisterSourceOutput(networks, (output, network) => Add(output, [LayerFile.Write(network)]));
        context.RegisterSourceOutput(networks, (output, network) => Add(output, Compiler.Compile(network)));
    }

    private static void Add(SourceProductionContext output, IEnumerable<(string HintName, string Text)> files)
    {
        foreach (var (name, text) in files)
            output.AddSource(name, SourceText.From(text, Encoding.UTF8));
    }
}
