using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Whence.Generator.Bind;
using Whence.Generator.Emit;
using Whence.Generator.Graphs;

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
        context.RegisterSourceOutput(networks, (output, network) => Add(output, Compiled(network)));
    }

    // A mistake of the compiler's own must cost one network, with a message at the build, and not every network of the project.
    private static IEnumerable<(string HintName, string Text)> Compiled(Network network)
    {
        try
        {
            return Compiler.Compile(network).ToList();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var message = e.Message.Replace('\r', ' ').Replace('\n', ' ');
            return [($"{network.MetadataName}.Failed.g.cs", $"#error Whence failed on {network.MetadataName}, please report it: {e.GetType().Name}, {message}\n")];
        }
    }

    private static void Add(SourceProductionContext output, IEnumerable<(string HintName, string Text)> files)
    {
        foreach (var (name, text) in files)
            output.AddSource(name, SourceText.From(text, Encoding.UTF8));
    }
}
