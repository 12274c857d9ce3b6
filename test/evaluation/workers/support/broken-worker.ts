throw new Error("broken while it is loaded");
