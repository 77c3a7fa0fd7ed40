using Whence.Generator.Plan;

namespace Whence.Generator.Emit.Cpu;

/// <summary>The forward pass of rows of which a part changes: its first steps once more, in part.</summary>
internal sealed partial class ProgramWriter
{
    /// <summary>What can be recomputed in part; null where nothing is.</summary>
    public LocalPass? Local { get; init; }

    /// <summary>The members of <c>LocalNetwork</c>. What the whole pass does from the cut on is called by both.</summary>
    private void WriteLocal(SourceWriter to, LocalPass local, IReadOnlyList<string> rest)
    {
        var sizes = string.Join(", ", local.Values.Select(value => $"new({value.Height}, {value.Width}, {value.Channels})"));
        to.Line();
        to.Comment(FormattableString.Invariant(
            $"Where one position of {local.Values[0].Name} changes, about {local.Share * 100:0} % of the work is left."));
        to.Statement($"private static readonly {dialect.Kernels}.PatchLayout LocalLayout = new(InputSize, {local.Rest}, [{sizes}]);");
        to.Line();
        to.Summary("Where changes are followed from.");
        to.Line($"public override LocalSizes LocalSizes => new({local.Input}, {local.HeightAxis}, {local.WidthAxis}, LocalLayout.Size);");
        to.Line();
        to.Summary("The values that change in part.");
        to.Line($"protected override {dialect.Kernels}.PatchLayout Layout => LocalLayout;").Line();
        to.Summary("Whether a point lies behind all that is recomputed in part.");
        to.Line($"public override bool IsBehind(int point) => point is < 0 or {Constants(local.Behind)};").Line();
        to.Summary("Goes on with whole values.");
        to.Block($"protected override void ForwardFrom(in {dialect.Kernels}.Patches patches, {dialect.ReadOnlyValues} x, int point, "
            + $"{dialect.Values} value, int rows)", () =>
            {
                WriteArena(to, plan.Run);
                Declare(to, local.Spliced.Concat(local.Summed is { } summed ? [summed.To] : []).Concat(plan.Outputs), Forwards);
                foreach (var value in local.Spliced)
                    to.Line($"patches.Splice({local.Of(value)}, {value.Name});");
                if (local.Summed is { } sum)
                {
                    to.Line($"patches.Sum({local.Of(sum.From[0])}, {sum.To.Name}, {calls.Arguments(sum).Last()});");
                    ReadPoints(to, local.Cut - 1, Forwards);
                }
                foreach (var call in rest)
                    to.Line(call);
                ReadOutputs(to);
            });
        to.Line();
        to.Summary("How the values that change in part are made of each other.");
        to.Block($"protected override void LocalSteps(ref {dialect.Kernels}.Patches patches)", () => WriteLocalSteps(to, local));
    }

    private void WriteLocalSteps(SourceWriter to, LocalPass local)
    {
        for (var i = 0; i < local.Values.Count; i++)
            to.Line($"const int {local.Values[i].Name} = {i}; // {local.Values[i].Shape}");
        foreach (var step in local.Steps)
        {
            to.Line();
            if (step.Step is null)
                to.Comment(local.Values[step.To].Name, local.Values[step.To].Shape.ToString());
            else
                WriteComments(to, step.Step);
            to.Statement($"patches.{Call(step, local)};");
        }
    }

    private string Call(LocalStep step, LocalPass local)
    {
        var made = local.Values[step.To].Name;
        string From(int i) => local.Values[step.From[i]].Name;
        return step.Kind switch
        {
            LocalKind.Input => $"Input({made}, {local.Strides.At}, {local.Strides.Down}, {local.Strides.Across}, {local.Strides.Channel})",
            LocalKind.Convolve => $"Convolve({From(0)}, {calls.Product((ConvolutionStep)step.Step!, made)})",
            LocalKind.Max => $"Max({From(0)}, {calls.Arguments((KernelStep)step.Step!).Single()}, {made})",
            LocalKind.Average => $"Average({From(0)}, {calls.Arguments((KernelStep)step.Step!).Single()}, {made})",
            LocalKind.Neighbours => $"Neighbours({From(0)}, {made}, {string.Join(", ", calls.Arguments((KernelStep)step.Step!).Skip(2))})",
            LocalKind.Map => $"Map(default({calls.Loop((MapStep)step.Step!)}), {made}, "
                + string.Join(", ", step.From.Select((value, i) => value < 0 ? calls.Constant(step.Step!.From[i]) : From(i))) + ")",
            LocalKind.Join => $"Join({made}, [{string.Join(", ", step.From.Select((_, i) => From(i)))}])",
            LocalKind.Surround => Surround((CopyStep)step.Step!, From(0), made),
            _ => throw new InvalidOperationException($"{step.Kind} is not done in part."),
        };
    }

    private static string Surround(CopyStep step, string from, string made)
    {
        var (settings, rank) = (step.To.Source!.Settings, step.To.Shape.Rank);
        var before = settings.Int("before");
        var isAcross = settings.Int("axis") == rank - 1;
        return $"Surround({from}, {made}, {(isAcross ? 0 : before)}, {(isAcross ? before : 0)}, {SourceWriter.Float(step.Fill!.Value)})";
    }
}
