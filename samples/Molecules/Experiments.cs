using Samples;
using Whence;
using Whence.Pictures;

namespace Molecules;

/// <summary>The paper's experiments on virtual screening (arXiv 1611.02639, section 3.1), on the sample's molecules.</summary>
/// <param name="computer">What computes.</param>
/// <param name="folder">Where the pictures go.</param>
/// <param name="isShort">Whether fewer molecules are taken.</param>
internal sealed class Experiments(Computer computer, string folder, bool isShort)
{
    private const int Active = 1;
    private static readonly Target Score = Target.Unit(Active).OfOutput();
    private static readonly PathOptions FiftySteps = new() { Quadrature = Quadrature.Right, Steps = 50 };

    // So many molecules are explained by the CPU too where a device explains them.
    private const int Compared = 4;

    private readonly IIntegratedGradientsNetwork one = One() is var net && computer.Device is { } gpu ? net.OnGpu(gpu) : net;
    private readonly IIntegratedGradientsNetwork two = Two() is var net && computer.Device is { } gpu ? net.OnGpu(gpu) : net;
    private readonly IIntegratedGradientsNetwork larger = Larger() is var net && computer.Device is { } gpu ? net.OnGpu(gpu) : net;
    private readonly List<Molecule> molecules = Molecule.Read(Path.Combine(AppContext.BaseDirectory, "molecules.json"));

    /// <summary>Runs all of them and prints their tables.</summary>
    public void Run()
    {
        Accuracy("W1N2", one, molecule => molecule.W1N2);
        var scores = Accuracy("W2N2", two, molecule => molecule.W2N2);
        var active = molecules.Where((molecule, i) => molecule.IsActive && scores[i] > 0.5)
            .OrderByDescending(molecule => scores[molecules.IndexOf(molecule)])
            .ToList();
        Example(active[0]);
        Shares(active.Take(isShort ? 5 : active.Count).ToList());
        Saturation([.. molecules.Where(molecule => molecule.IsActive).Take(isShort ? 5 : 25)]);
        Identical([.. molecules.Take(isShort ? 5 : 100)]);
        Grown([.. molecules.Take(isShort ? 2 : 25)]);
        Complete([.. molecules.Take(isShort ? 5 : 100)]);
        if (computer.Device is not null)
            Compare([.. molecules.Take(Compared)]);
        Console.WriteLine(computer.Tell());
        Console.WriteLine($"The pictures are in {Path.GetFullPath(folder)}.");
    }

    private static W1N2 One() => W1N2.Load(Path.Combine(AppContext.BaseDirectory, "w1n2.safetensors"));

    private static W2N2 Two() => W2N2.Load(Path.Combine(AppContext.BaseDirectory, "w2n2.safetensors"));

    private static LargerW2N2 Larger() => LargerW2N2.Load(Path.Combine(AppContext.BaseDirectory, "w2n2.safetensors"));

    private void Compare(List<Molecule> some)
    {
        foreach (var (net, onCpu, most) in new (IIntegratedGradientsNetwork, IIntegratedGradientsNetwork, int)[]
            { (one, One(), W1N2.Most), (two, Two(), W2N2.Most), (larger, Larger(), LargerW2N2.Most) })
        {
            foreach (var molecule in some)
            {
                var row = molecule.Row(most);
                computer.Compare(net.IntegratedGradients(row, Score, options: FiftySteps).Scores,
                    onCpu.IntegratedGradients(row, Score, options: FiftySteps).Scores);
            }
        }
    }

    private double[] Accuracy(string name, INetwork net, Func<Molecule, double> expected)
    {
        var scores = molecules.Select(molecule => (double)net.Predict(molecule.Row(W2N2.Most))[Active]).ToArray();
        var right = molecules.Where((molecule, i) => molecule.IsActive == scores[i] > 0.5).Count();
        var difference = molecules.Select((molecule, i) => Math.Abs(scores[i] - expected(molecule))).Max();
        Console.WriteLine($"{name}: {right} of {molecules.Count} test molecules right, area under the ROC curve "
            + $"{AreaUnderCurve(scores):f3}; scores differ from PyTorch's by at most {difference:0.0e+0}");
        return scores;
    }

    /// <summary>The chance that an active molecule scores higher than an inactive one; equal scores count half.</summary>
    private double AreaUnderCurve(double[] scores)
    {
        var (won, all) = (0.0, 0);
        for (var a = 0; a < scores.Length; a++)
        {
            for (var b = 0; b < scores.Length; b++)
            {
                if (!molecules[a].IsActive || molecules[b].IsActive)
                    continue;
                won += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0;
                all++;
            }
        }
        return won / all;
    }

    private static Credit Explain(IIntegratedGradientsNetwork net, Molecule molecule) =>
        Credit.Of(molecule, W2N2.Most, net.IntegratedGradients(molecule.Row(W2N2.Most), Score, options: FiftySteps));

    private void Example(Molecule molecule)
    {
        var credit = Explain(two, molecule);
        var gap = two.IntegratedGradients(molecule.Row(W2N2.Most), Score, options: FiftySteps);
        Console.WriteLine($"Example: {molecule.Smiles}, pIC50 {molecule.Activity}");
        Console.WriteLine($"  W2N2's score {gap.Output:f4}, at zero {gap.ReferenceOutput:f4}, sum of attributions {credit.Total:f4}");
        Console.WriteLine($"  {Split(credit)} (paper: bonded pairs 46 %, other pairs -3 %)");
        credit.Map("W2N2: integrated gradients").Save(Path.Combine(folder, "molecule.svg"));
        credit.Matrix("W2N2: atoms (diagonal) and pairs").Save(Path.Combine(folder, "pairs.svg"));
        Explain(one, molecule).Map("W1N2: integrated gradients", numbers: true).Save(Path.Combine(folder, "molecule-w1n2.svg"));
        var atoms = Explain(one, molecule).Atoms;
        foreach (var same in atoms.Select((score, i) => (Score: score, Atom: i))
            .GroupBy(atom => (molecule.Atoms[atom.Atom], $"{atom.Score:e3}"))
            .Where(group => group.Count() > 2))
            Console.WriteLine($"  W1N2 gives {molecule.Symbol(same.First().Atom)} at {string.Join(", ", same.Select(atom => atom.Atom))} "
                + $"alike {same.First().Score:f4}");
    }

    private static string Split(Credit credit) =>
        $"atoms {credit.Atoms.Sum() / credit.Total:p1}, bonded pairs {credit.Bonded / credit.Total:p1}, other pairs "
            + $"{credit.Apart / credit.Total:p1} of the sum";

    private void Shares(List<Molecule> active)
    {
        var credits = active.ConvertAll(molecule => Explain(two, molecule));
        var total = credits.Sum(credit => credit.Total);
        Console.WriteLine($"All {active.Count} active molecules that W2N2 calls active: atoms "
            + $"{credits.Sum(credit => credit.Atoms.Sum()) / total:p1}, bonded pairs {credits.Sum(credit => credit.Bonded) / total:p1}, "
            + $"other pairs {credits.Sum(credit => credit.Apart) / total:p1} of the sum");
        new Panels { Columns = 2, Drawings = [.. credits.Take(6).Select(credit => credit.Map($"pIC50 {credit.Molecule.Activity:f2}"))] }
            .Save(Path.Combine(folder, "molecules.svg"));
    }

    private void Saturation(List<Molecule> active)
    {
        double[] alphas = [.. Enumerable.Range(0, 51).Select(i => i / 50.0)];
        var scores = active.ConvertAll(molecule => two.ScoreAlong(molecule.Row(W2N2.Most), Score, alphas));
        var sizes = active.ConvertAll(molecule => two.GradientAlong(molecule.Row(W2N2.Most), Score, alphas).Normalised());
        var drawings = new[] { Plot("softmax score", scores), Plot("mean |interior gradient| / its maximum", sizes) };
        new Panels { Columns = 2, Drawings = drawings }.Save(Path.Combine(folder, "saturation.svg"));
        var late = scores.Select(curve => (curve.Values[50] - curve.Values[45]) / (curve.Values[50] - curve.Values[0])).Order().ToArray();
        Console.WriteLine($"Score of {active.Count} active molecules along the path: the last tenth, alpha 0.9 to 1, makes "
            + $"{late[late.Length / 2]:p1} of the change (median; paper: saturated only there)");

        LinePlot Plot(string label, List<PathCurve> curves) => new()
        {
            Width = 420, Height = 280, X = new Axis("alpha"), Y = new Axis(label),
            Lines = [.. curves.Select(curve => new PlotLine("", curve.Alphas, curve.Values) { Thickness = 1 })],
        };
    }

    private void Identical(List<Molecule> all)
    {
        foreach (var (name, net) in new (string, IIntegratedGradientsNetwork)[] { ("W1N2", one), ("W2N2", two) })
        {
            var anomaly = new Anomaly();
            foreach (var molecule in all)
                anomaly.Add(Explain(net, molecule));
            Console.WriteLine(
                $"Atoms of one type, not equivalent in the molecule, with one attribution, {name}, {all.Count} molecules: {anomaly}");
        }
    }

    private void Grown(List<Molecule> all)
    {
        var changed = 0;
        foreach (var molecule in all)
        {
            var (small, large) = (molecule.Row(W2N2.Most), molecule.Row(LargerW2N2.Most));
            var (why, whyLarger) =
                (two.IntegratedGradients(small, Score, options: FiftySteps), larger.IntegratedGradients(large, Score, options: FiftySteps));
            var credit = Credit.Of(molecule, W2N2.Most, why);
            var creditLarger = Credit.Of(molecule, LargerW2N2.Most, whyLarger);
            var same = two.Predict(small).AsSpan().SequenceEqual(larger.Predict(large))
                && credit.Atoms.AsSpan().SequenceEqual(creditLarger.Atoms)
                && credit.Pairs.Cast<double>().SequenceEqual(creditLarger.Pairs.Cast<double>());
            changed += same ? 0 : 1;
        }
        Console.WriteLine($"Declared for {LargerW2N2.Most} atoms in place of {W2N2.Most}: {changed} of {all.Count} molecules get another "
            + "score or attribution in any bit");
    }

    private void Complete(List<Molecule> all)
    {
        var byRules = (IDeepLiftNetwork)two;
        var gaps = all.ConvertAll(molecule =>
        {
            var row = molecule.Row(W2N2.Most);
            return (Steps: two.IntegratedGradients(row, Score, options: FiftySteps).RelativeGap,
                Rescale: byRules.DeepLift(row, Score, Rule.Rescale).RelativeGap,
                Cancel: byRules.DeepLift(row, Score, Rule.RevealCancel).RelativeGap);
        });
        Console.WriteLine($"Largest relative gap of {all.Count} molecules: integrated gradients, 50 right steps "
            + $"{gaps.Max(gap => gap.Steps):0.0e+0}; DeepLIFT Rescale {gaps.Max(gap => gap.Rescale):0.0e+0}, RevealCancel "
            + $"{gaps.Max(gap => gap.Cancel):0.0e+0}");
    }
}
