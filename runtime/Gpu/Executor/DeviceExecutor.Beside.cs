namespace Whence.Gpu;

using ILGPU.Runtime;
using Whence.Authoring;

// Copies beside computation: while rows are asked about, the inputs of the next window go up, and what was made of the rows before comes
// down. The host waits for both between two parts, since a stream of ILGPU cannot wait for another.
internal sealed partial class DeviceExecutor
{
    // What is copied first and last is copied beside nothing: a small part of the job.
    private const int Parts = 8;

    // Chunks of one call: each is asked about while the one before it comes down.
    private const int ChunksOfRun = 4;

    // Of one copy: 16 MiB, which the host locks in place.
    private const int MostOfCopy = 1 << 22;

    private bool overlaps;
    // Where the next window goes, and the inputs that are on their way there; none where they end at 0.
    private (Rows X, Rows Own, Rows Seeds) ahead;
    private (int First, int End) coming;
    // Scores that are being made, and those that are due.
    private Rows making;
    private Rows made;
    private Due? due;

    // Scores that were made and have not come down: of inputs in planes, or of rows.
    private readonly record struct Due(Rows Scores, Place At, long FirstRow, int Rows);

    private int Planes => recipe.Fold == Fold.Contributions ? 5 : 1;

    private int ScoresOfInput => recipe.Fold is Fold.Values or Fold.Outcomes ? 0 : checked(Planes * job.Answers * job.ScoreSize);

    // What is copied least often of many inputs, where the host locks memory for it.
    private bool CanOverlap()
    {
        var each = Math.Max(FloatsOfInput, ScoresOfInput);
        if (!device.Overlaps || job.Count == 1 || (long)job.Count * each < device.LeastCopy || each > MostOfCopy)
            return false;
        var inputs = BesideOthers(job.Count);
        return lane.Copies.Reserve(checked(inputs * FloatsOfInput), checked(inputs * ScoresOfInput));
    }

    // Inputs of a window that is copied beside the computation of another.
    private int BesideOthers(int left)
    {
        var each = Math.Max(FloatsOfInput, ScoresOfInput);
        var wanted = Math.Max((job.Count + Parts - 1) / Parts, (device.LeastCopy + each - 1) / each);
        var room = Math.Min(MostOfCopy / each, WindowBudget / (2 * (FloatsOfInput + ScoresOfInput)));
        return (int)Math.Clamp(Math.Min(wanted, room), 1, left);
    }

    private Rows RoomForScores(int floats) => overlaps ? making.Slice(0, floats) : lane.Take(floats);

    private void TakeRoomBeside()
    {
        ahead = TakeWindow();
        var scores = checked(windowSize * ScoresOfInput);
        (making, made) = (lane.Take(scores), lane.Take(scores));
    }

    // After the last launch of a part.
    private void Beside()
    {
        if (!overlaps || due is null && !HasNext)
            return;
        BeginDown();
        BeginUp();
        lane.Stream.Synchronize();
        Arrive();
    }

    private bool HasNext => coming.End == 0 && window.End < job.Count;

    private void BeginUp()
    {
        if (!HasNext)
            return;
        var (first, count) = (window.End, Math.Min(windowSize, job.Count - window.End));
        var inputs = job.Inputs(first, count);
        lane.Copies.Up(inputs, ahead.X, 0);
        var at = inputs.Length;
        if (!ahead.Own.IsEmpty)
        {
            var references = job.PairReferences(first * job.Each, count * job.Each, default);
            lane.Copies.Up(references, ahead.Own, at);
            at += references.Length;
        }
        if (!ahead.Seeds.IsEmpty)
            lane.Copies.Up(Seeds(first, count), ahead.Seeds, at);
        coming = (first, first + count);
    }

    // The inputs that went up ahead; false if they are others.
    private bool TakeAhead(int input)
    {
        if (coming.End == 0 || coming.First != input)
            return false;
        var here = (x, own, ownSeeds);
        ((x, own, ownSeeds), ahead) = (ahead, here);
        (window, coming) = (coming, (0, 0));
        return true;
    }

    // Scores that come down while the next ones are made: once they are.
    private void Owe(Rows scores, Place at, long firstRow, int rows)
    {
        lane.Stream.Synchronize();
        due = new Due(scores, at, firstRow, rows);
        (making, made) = (made, making);
    }

    private void BeginDown()
    {
        if (due is not { } all)
            return;
        var each = all.Scores.Length / Planes;
        for (var plane = 0; plane < Planes; plane++)
        {
            if (IsAsked(plane))
                lane.Copies.Down(all.Scores.Slice(plane * each, each), plane * each);
        }
    }

    private void Arrive()
    {
        lane.Copies.Wait();
        if (due is not { } all)
            return;
        due = null;
        var each = all.Scores.Length / Planes;
        if (all.Rows > 0)
            PlaceRows(lane.Copies.Came(0, each), all.FirstRow, all.Rows);
        else
            for (var plane = 0; plane < Planes; plane++)
                PlacePlane(all.At, lane.Copies.Came(plane * each, each), plane);
    }

    // Before the memory goes to others in which it comes and goes.
    private void Settle()
    {
        Wait();
        coming = (0, 0);
    }

    /// <summary>What is due is in the job's memory when this returns.</summary>
    public void Wait()
    {
        if (due is null)
            return;
        try
        {
            BeginDown();
            Arrive();
        }
        catch (AcceleratorException e)
        {
            throw DriverError.Told(device, e);
        }
    }
}
