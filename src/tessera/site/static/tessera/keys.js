// A key that was not used is said on the page; allauth would say it on the console alone.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("key_failed");
  said.hidden = false;
  said.scrollIntoView({ block: "nearest" });
});
