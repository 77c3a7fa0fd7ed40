using Microsoft.CodeAnalysis;
using Whence.Generator.Graphs;
using Whence.Generator.Ops;
using Whence.Generator.Support;

namespace Whence.Generator.Bind;

/// <summary>Embeddings, whose tokens Forward may move, or write itself.</summary>
internal sealed partial class Binder
{
    /// <summary>
    /// The rows of a table for tokens. An embedding is a row of input, so that it is of an input's tokens as they are: what is done to
    /// tokens along axis 0 is done to their rows.
    /// </summary>
    private Value Embed(Node embedding, (LayerMethod, IReadOnlyList<SubNetworkField>) layer, int tokens, SyntaxNode place)
    {
        var source = nodes[tokens];
        return source switch
        {
            // That there are none is said of the constant itself.
            { Op: Ops.Constant } when source.Settings.Numbers("values").Length == 0 => new TensorValue(tokens),
            { Op: Ops.Constant } when source.Settings.Numbers("axes").Length == 1 => Rows(source.Settings.Numbers("values")),
            { Op: Zeros } when source.Settings.Numbers("axes") is [var length] && length is >= 1 and <= MostSteps =>
                Rows(new double[(int)length]),
            _ when source.Op.MovesTokens(source.Settings) => Moved(source),
            // Two calls on the same tokens are one input: each would be given half of what is attributed to it.
            _ when nodes.FindIndex(other => other.Op is Embedding && other.Layer == embedding.Layer && other.Inputs[0] == tokens)
                is var known and >= 0 => new TensorValue(known),
            _ => Read(embedding with { Inputs = EquatableArray.Of(tokens) }),
        };

        Value Rows(double[] values) => Read(embedding with
        {
            Op = Registry.ConstantEmbedding, Inputs = EquatableArray.Of<int>(),
            Settings = embedding.Settings.With("tokens", values),
        });

        Value Read(Node node)
        {
            layers[nodes.Count] = layer;
            return Add(node, place);
        }

        // A mistake in how tokens are moved is found there, and once.
        Value Moved(Node move)
        {
            var rows = move.Inputs.Select(input => Embed(embedding, layer, input, place)).ToList();
            return rows.TrueForAll(row => row is TensorValue)
                ? Add(move with { Inputs = rows.Select(row => ((TensorValue)row).Node).ToEquatable(), Name = null, Text = embedding.Text },
                    places[tokens])
                : Value.Unknown;
        }
    }
}
