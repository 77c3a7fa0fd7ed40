using Whence.Generator.Graphs;

namespace Whence.Generator.Emit;

/// <summary>
/// The bodies of a class's layers, and how weights reach them. Written for every network, right or wrong, so that one mistake is one error.
/// </summary>
internal static class LayerFile
{
    public static (string HintName, string Text) Write(Network network)
    {
        var to = NetworkFile.Begin($"The layers of {network.Name}: each finds its weights and runs eagerly, in double precision.");
        NetworkFile.InClass(to, network, "", () =>
        {
            if (network.HasScope)
                to.Line("private global::Whence.CompilerServices.WeightScope? whenceScope;");
            // A constructor parameter is hidden by a layer's parameter of its name.
            foreach (var holder in network.Layers.SelectMany(layer => layer.Holders.Where(layer.Hides)).Distinct())
                to.Line($"private int {Hidden(holder)} => {holder};");
            foreach (var layer in network.Layers)
                WriteBody(to, network, layer);
            if (!network.HasScope)
                return;
            to.Line();
            to.Summary("Tells this network's layers, and those of its sub-networks, where their weights are. Called by generated code.");
            to.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
            to.Block("internal void WhenceAttach(global::Whence.CompilerServices.WeightScope scope)", () =>
            {
                to.Line("this.whenceScope = scope;");
                foreach (var field in network.Fields)
                    to.Line(
                        $"this.{field.Name}.WhenceAttach(scope.Into({string.Join(", ", field.Prefixes.Select(SourceWriter.Quoted))}));");
            });
        });
        return ($"{network.MetadataName}.Layers.g.cs", to.ToString());
    }

    private static string Said(LayerDeclaration layer, string setting)
    {
        if (!setting.StartsWith("[", StringComparison.Ordinal))
            return layer.Holders.Contains(setting) && layer.Hides(setting) ? Hidden(setting) : setting;
        var items = setting.Trim('[', ']').Split([", "], StringSplitOptions.RemoveEmptyEntries);
        return $"[{string.Join(", ", items.Select(item => Said(layer, item)))}]";
    }

    private static string Hidden(string holder) => LayerDeclaration.HeldPrefix + holder.Replace("@", "");

    private static void WriteBody(SourceWriter to, Network network, LayerDeclaration layer)
    {
        var settings = string.Concat(layer.Settings.Select(setting => $", {setting.Name}: {Said(layer, setting.Value)}"));
        to.Line();
        to.Line(layer.Declaration + " =>");
        if (layer.Kind.Length == 0 || !network.HasScope)
        {
            to.Line("    throw new global::System.InvalidOperationException();");
            return;
        }
        to.Line($"    global::Whence.LayerBodies.{layer.Kind}(global::Whence.CompilerServices.WeightScope.Required(this.whenceScope, "
            + $"{SourceWriter.Quoted(network.Name)}), "
            + $"{SourceWriter.List(layer.TensorNames)}{string.Concat(layer.Inputs.Select(input => ", " + input))}{settings});");
    }
}
